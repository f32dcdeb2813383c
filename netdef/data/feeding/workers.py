"""Make batches ahead of their use, in processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize
from typing import Any, NamedTuple

from netdef.data.feeding import handover
from netdef.data.feeding.serve_batches import CHECK_INTERVAL, IGNORED_SIGNALS, Arrays, Failure, serve_batches
from netdef.errors import NetdefError

_AHEAD = 2  # batches that each process works ahead


class WorkerError(NetdefError):
    """The error for a process that makes batches and has ended, or could not be started."""


class Worker(NamedTuple):
    """A process that makes the batches whose numbers it is sent, and sends them back in the same order."""

    process: BaseProcess
    channel: socket.socket

    def ask(self, number: int) -> None:
        """Request a batch. If the process has ended, `answer` raises, and not this method."""
        with suppress(ConnectionError):
            self.channel.sendall(number.to_bytes(8, "little"))

    def answer(self) -> Any:
        """The next batch. Raises EOFError or ConnectionError if the process has ended."""
        while True:
            try:
                return handover.receive(self.channel)
            except TimeoutError:
                if not self.process.is_alive():
                    raise EOFError from None


class WorkerTraceback(Exception):
    """The traceback of an error in a process that makes batches, as the cause of the error that is raised here."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


class WorkerPool:
    """As `PrefetchThread`, but ``count`` processes call ``make(number)``, each for every ``count``-th number.

    They decode on as many cores, without sharing Python's lock with the thread that drives a GPU. The cost is a copy into
    shared memory, and the start of the processes. ``make`` must be a pure function of the number.

    Each process has a socket of its own, on which it receives numbers and sends batches (see `handover`). So the socket ends
    with the process, whatever it was doing: it cannot leave a lock taken, or half a batch for another process.
    """

    def __init__(self, make: Callable[[int], Arrays], count: int):
        self._make, self._count = make, count
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._workers: list[Worker] = []
        self._asked: deque[int] = deque()  # numbers asked for and not yet answered

    def start(self) -> None:
        """Start the processes unless they run. `get` does it, too, but forking is safest in the main thread."""
        if self._pid != os.getpid():
            self._begin()  # the processes belong to the one that forked this one
        if self._workers:
            return
        if not hasattr(socket, "send_fds"):
            raise WorkerError("this system cannot hand batches from process to process. Without --workers threads make them")
        self._end = Finalize(self, _end, (self._workers,), exitpriority=0)
        try:
            with _signals_held():
                for _ in range(self._count):
                    self._workers.append(_start(self._make, [worker.channel for worker in self._workers]))
        except BaseException as error:
            self.forget()
            if isinstance(error, OSError):
                raise WorkerError(f"cannot start a process that makes batches: {error.strerror or error}") from error
            raise

    def get(self, number: int) -> Arrays:
        """``make(number)``, ready at once when ``number - 1`` was asked for before.

        Raises what ``make`` raised, and `WorkerError` if a process has ended. After an error new processes are started.
        """
        try:
            self.start()
            return self._get(number)
        except BaseException:  # also an interrupt, after which a batch on its way would be taken for the next one
            self.forget()
            raise

    def _get(self, number: int) -> Arrays:
        if self._asked and self._asked[0] != number:
            while self._asked:
                self._answer()
        following = self._asked[-1] + 1 if self._asked else number
        for coming in range(following, number + _AHEAD * self._count):
            self._workers[coming % self._count].ask(coming)
            self._asked.append(coming)
        answer = self._answer()
        if isinstance(answer, Failure):
            if isinstance(answer.error, NetdefError):
                raise answer.error
            raise answer.error from WorkerTraceback(answer.trace)
        return answer

    def _answer(self) -> Any:
        worker = self._workers[self._asked[0] % self._count]
        try:
            answer = worker.answer()
        except (EOFError, ConnectionError):
            raise _ended(worker) from None
        self._asked.popleft()
        return answer

    def forget(self) -> None:
        """Drop what is prepared, and end the processes."""
        if self._workers and self._pid == os.getpid():
            self._end()
        self._begin()

    close = forget

    def __getstate__(self) -> dict[str, Any]:
        return {"_make": self._make, "_count": self._count}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._begin()


def _start(make: Callable[[int], Arrays], others: Sequence[socket.socket]) -> Worker:
    """Start a process beside others, whose sockets are given."""
    ours, theirs = socket.socketpair()
    ours.settimeout(CHECK_INTERVAL)
    # A forked process has a copy of every socket, and must close those of this side: else they stay open for ever.
    inherited = [*others, ours] if multiprocessing.get_start_method() == "fork" else []
    name = f"netdef-batches-{len(others)}"
    process = multiprocessing.Process(target=serve_batches, args=(make, theirs, inherited), daemon=True, name=name)
    with theirs:
        process.start()
    return Worker(process, ours)


def _end(workers: Sequence[Worker]) -> None:
    """Kill processes. Called once, and never in a forked child, by Finalize."""
    for worker in workers:
        worker.channel.close()
        worker.process.kill()
    for worker in workers:
        worker.process.join()


def _ended(worker: Worker) -> WorkerError:
    """The error for a process that has ended, with its exit status or signal."""
    worker.process.join()
    code = worker.process.exitcode or 0
    names = {number.value: number.name for number in signal.Signals}
    how = f"killed by {names.get(-code, f'signal {-code}')}" if code < 0 else f"with status {code}"
    return WorkerError(f"a process that makes batches has ended, {how}. Is memory short? Without --workers threads make them")


@contextmanager
def _signals_held() -> Iterator[None]:
    """Block signals while processes start; the processes inherit the block, and end it once they ignore the signals."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, IGNORED_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
