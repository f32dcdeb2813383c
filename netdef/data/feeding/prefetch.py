"""Make batches ahead of their use, in a thread."""

from __future__ import annotations

import os
import weakref
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class PrefetchThread(Generic[T]):
    """Call ``make(number)`` for consecutive numbers in one background thread, at most ``depth`` numbers ahead.

    A thread and not a process: decoding images and casting arrays release Python's lock, batches need no copying
    between processes, and nothing can be left behind when the program is killed. (``tools/bench_data.py`` has the
    numbers beside torch's DataLoader.) One thread, so that batches are made in order and a database is read front to
    back. It starts at the first `get`, and does not survive a fork (the child starts its own) or pickling. ``make``
    must be a pure function of the number, so that dropping results costs nothing but time.
    """

    def __init__(self, make: Callable[[int], T], depth: int):
        self._make = make
        self._depth = depth
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._executor: ThreadPoolExecutor | None = None
        self._pending: deque[tuple[int, Future[T]]] = deque()

    def get(self, number: int) -> T:
        """``make(number)``, ready at once when ``number - 1`` was asked for before. Raises what ``make`` raised."""
        if self._pid != os.getpid():
            self._begin()
        if not self._pending or self._pending[0][0] != number:
            self.forget()
        self._executor = self._executor or ThreadPoolExecutor(1, thread_name_prefix="netdef-prefetch")
        last = self._pending[-1][0] if self._pending else number - 1
        for coming in range(last + 1, number + self._depth + 1):
            self._pending.append((coming, self._executor.submit(_make, weakref.ref(self), coming)))
        return self._pending.popleft()[1].result()

    def forget(self) -> None:
        """Wait for a running call, and drop all results."""
        if self._pid == os.getpid():
            wait([future for _, future in self._pending if not future.cancel()])
        self._pending.clear()

    def close(self) -> None:
        """Wait for a running call and end the thread. A later `get` starts it again."""
        if self._executor and self._pid == os.getpid():
            self._executor.shutdown(wait=True, cancel_futures=True)
        self._begin()

    def __getstate__(self) -> dict[str, Any]:
        return {"_make": self._make, "_depth": self._depth}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._begin()


def _make(prefetch: weakref.ref[PrefetchThread[T]], number: int) -> T:
    """Make a batch for a `PrefetchThread`, unless it is gone: a weak reference, so that queued work does not keep it alive."""
    alive = prefetch()
    if alive is None:
        raise CancelledError
    return alive._make(number)
