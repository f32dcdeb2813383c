"""Let Ctrl-C, hang-up and termination signals stop a run, make a snapshot, or do nothing."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType
from typing import Any

from dsd.training.events import Observer
from dsd.training.run import Run


class Signals(Observer):
    """Handle SIGINT, SIGHUP and SIGTERM during a run; each effect is ``stop``, ``snapshot`` or ``none``.

    SIGTERM, which schedulers send, stops the run. ``none`` ignores the signal, as in Caffe. The current iteration is
    always finished, a test broken off; a second Ctrl-C during it raises KeyboardInterrupt at once. Does nothing outside
    the main thread, where Python has no signal handlers. Every rank handles signals, as launchers pass them on to all.

    Attributes:
        stopped_by: the signal that has stopped the run, or None.
    """

    on_every_rank = True

    def __init__(self, on_interrupt: str = "stop", on_hangup: str = "snapshot"):
        self._effects: dict[int, str] = {signal.SIGINT: on_interrupt, signal.SIGTERM: "stop"}
        if hasattr(signal, "SIGHUP"):  # Windows has none
            self._effects[signal.SIGHUP] = on_hangup
        self.stopped_by: int | None = None
        self._request: str | None = None
        self._before: dict[int, Any] = {}  # handlers, as `signal.signal` returns and takes them

    def started(self, run: Run) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        for number, effect in self._effects.items():
            self._before[number] = signal.signal(number, signal.SIG_IGN if effect == "none" else self._take)

    def finished(self, run: Run, early: bool) -> None:
        self.release()

    def release(self) -> None:
        """Restore the previous signal handlers."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}

    def requested(self) -> str | None:
        request, self._request = self._request, None
        return request

    def stopping(self) -> bool:
        return self._request == "stop"

    def _take(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGINT and self._request:
            raise KeyboardInterrupt
        effect = self._effects[number]
        if self._request != "stop":
            self._request = effect
        if effect == "stop":
            self.stopped_by = number
        # A handler may run during a print, so it bypasses Python's buffers.
        what = "stopping after this iteration" if effect == "stop" else "snapshot after this iteration"
        again = "; Ctrl-C again ends at once, without a snapshot" if number == signal.SIGINT else ""
        if sys.__stderr__ is not None:
            os.write(sys.__stderr__.fileno(), f"\n{what}{again}\n".encode())
