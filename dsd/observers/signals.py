"""Ctrl-C and hang-up as wishes: to stop, to snapshot, or nothing."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType
from typing import Any

from dsd.training.events import Observer
from dsd.training.run import Run

EFFECTS = ("stop", "snapshot", "none")


class Signals(Observer):
    """Takes SIGINT and SIGHUP from the start of a run to its end; each effect is one of `EFFECTS`.

    The iteration at work is always finished. A second Ctrl-C before the first is heeded raises KeyboardInterrupt at
    once. ``none`` ignores the signal, as the original does. Does nothing outside the main thread, where Python takes
    no signals. A launcher passes signals on to every rank, so every rank takes them.
    """

    on_every_rank = True

    def __init__(self, on_interrupt: str = "stop", on_hangup: str = "snapshot"):
        self._effects: dict[int, str] = {signal.SIGINT: on_interrupt}
        if hasattr(signal, "SIGHUP"):  # Windows has none
            self._effects[signal.SIGHUP] = on_hangup
        self._wish: str | None = None
        self._before: dict[int, Any] = {}  # handlers, as `signal.signal` returns and takes them

    def started(self, run: Run) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        for number, effect in self._effects.items():
            self._before[number] = signal.signal(number, signal.SIG_IGN if effect == "none" else self._take)

    def finished(self, run: Run, early: bool) -> None:
        self.release()

    def release(self) -> None:
        """Give the signals back to whoever had them before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}

    def requested(self) -> str | None:
        wish, self._wish = self._wish, None
        return wish

    def _take(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGINT and self._wish:
            raise KeyboardInterrupt
        effect = self._effects[number]
        if self._wish != "stop":
            self._wish = effect
        # A handler may run in the middle of any print, so it writes past Python's buffers.
        what = "stopping after this iteration" if effect == "stop" else "snapshot after this iteration"
        again = "; Ctrl-C again ends at once, without a snapshot" if number == signal.SIGINT else ""
        if sys.__stderr__ is not None:
            os.write(sys.__stderr__.fileno(), f"\n{what}{again}\n".encode())
