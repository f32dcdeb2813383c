"""Making batches before they are asked for, in processes."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.utils.data import DataLoader, Dataset

from netdef.errors import NetdefError

_inherited: list[Any] = []  # of the process that forked this one: letting go of them would end its workers


class WorkerPool:
    """As `PrefetchThread`, but ``count`` processes of torch's DataLoader call ``make(number)``: it gives arrays by name, this
    gives tensors, with ``pinned`` in page-locked memory.

    They decode on as many cores, without Python's one lock that threads share with whoever drives a GPU. It costs a copy
    through shared memory, of which DataLoader's own rule is two batches a process, and a start.
    """

    def __init__(self, make: Callable[[int], dict[str, Any]], count: int, pinned: bool):
        self._make, self._count, self._pinned = make, count, pinned
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._batches: Iterator[Any] | None = None
        self._next = 0

    def get(self, number: int) -> dict[str, torch.Tensor]:
        """``make(number)``, ready at once when ``number - 1`` was asked for before. Raises what ``make`` raised, and
        torch's RuntimeError about a ``DataLoader worker (pid`` that somebody ended."""
        if self._batches is None or self._next != number or self._pid != os.getpid():
            self.forget()
            self._batches = iter(DataLoader(
                _Batches(self._make), batch_size=None, sampler=itertools.count(number), num_workers=self._count,
                pin_memory=self._pinned, worker_init_fn=_leave_signals_to_the_trainer,
                generator=torch.Generator()))  # else it would draw a number from the one that dropout draws from
        self._next = number + 1
        try:
            found = next(self._batches)
        except ConnectionError as error:  # ended in the middle of handing over
            raise RuntimeError(f"DataLoader worker (pid unknown) is gone: {error}") from error
        if isinstance(found, NetdefError):
            self.forget()
            raise found
        return found

    def forget(self) -> None:
        """Drop what is prepared, and end the processes."""
        if self._pid != os.getpid():
            _inherited.append(self._batches)
        self._begin()

    close = forget

    def __getstate__(self) -> dict[str, Any]:
        return {"_make": self._make, "_count": self._count, "_pinned": self._pinned}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._begin()


class _Batches(Dataset):
    """All batches by number. A complaint is handed over as it is: DataLoader would wrap it in a traceback."""

    def __init__(self, make: Callable[[int], Any]):
        self._make = make

    def __getitem__(self, number: int) -> Any:
        try:
            return self._make(number)
        except NetdefError as error:
            return error


def _leave_signals_to_the_trainer(worker: int) -> None:
    """Ctrl-C and a hang-up reach every process of a terminal; the trainer's may want batches for a snapshot's test."""
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
