"""Make batches before they are asked for, in processes."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import socket
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import torch

from netdef.data.feeding import handover
from netdef.data.images import decode_threads
from netdef.errors import NetdefError

Arrays = dict[str, np.ndarray]

_AHEAD = 2  # batches that each process works ahead
_PATIENCE = 1.0  # seconds between two looks at whether the other side lives, where its end of the socket does not say so
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGHUP", "SIGTERM") if hasattr(signal, name)]


class WorkerError(NetdefError):
    """A process that makes batches has ended, or could not be started."""


class Worker(NamedTuple):
    """A process that makes the batches whose numbers it is sent, and sends them back in the same order."""

    process: BaseProcess
    channel: socket.socket

    def ask(self, number: int) -> None:
        """Ask for a batch. That the process has ended is an error where the batch is wanted, not here."""
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


class Failure(NamedTuple):
    """What `make` raised in a process, instead of a batch."""

    error: Exception
    trace: str


class WorkerTraceback(Exception):
    """The traceback of an error in a process that makes batches; the cause of the same error here."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


class WorkerPool:
    """As `PrefetchThread`, but ``count`` processes call ``make(number)``, each for every ``count``-th number.

    They decode on as many cores, without Python's one lock that threads share with the thread that drives a GPU. It
    costs a copy into shared memory and the start of the processes. ``make`` is a pure function of the number.
    """

    def __init__(self, make: Callable[[int], Arrays], count: int):
        self._make, self._count = make, count
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._workers: list[Worker] = []
        self._asked: deque[int] = deque()  # numbers asked for and not yet answered

    def start(self) -> None:
        """Start the processes unless they run. `get` does it too, but a fork is safest in the main thread."""
        if self._pid != os.getpid():
            self._begin()  # those of the process that forked this one are not its own
        if self._workers:
            return
        if not hasattr(socket, "send_fds"):
            raise WorkerError("this system cannot hand batches from process to process. Without --workers threads make them")
        self._end = Finalize(self, _end, (self._workers,), exitpriority=0)
        try:
            with _signals_held():
                for _ in range(self._count):
                    self._workers.append(_start(self._make, [worker.channel for worker in self._workers]))
        except OSError as error:
            self.forget()
            raise WorkerError(f"cannot start a process that makes batches: {error.strerror or error}") from error

    def get(self, number: int) -> Arrays:
        """``make(number)``, ready at once when ``number - 1`` was asked for before.

        Raises what ``make`` raised, and `WorkerError` if a process has ended. After an error new processes are started.
        """
        try:
            self.start()
            return self._get(number)
        except BaseException:  # an interrupt, too: a batch on its way would be taken for the next one
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
    ours.settimeout(_PATIENCE)
    # A forked process has a copy of each socket, and must let go of those on the trainer's side: else they never close.
    inherited = [*others, ours] if multiprocessing.get_start_method() == "fork" else []
    name = f"netdef-batches-{len(others)}"
    process = multiprocessing.Process(target=_serve, args=(make, theirs, inherited), daemon=True, name=name)
    with theirs:
        process.start()
    return Worker(process, ours)


def _end(workers: Sequence[Worker]) -> None:
    """End processes, whatever they are doing. Finalize calls it once, and not in a forked child."""
    for worker in workers:
        worker.channel.close()
        worker.process.kill()
    for worker in workers:
        worker.process.join()


def _ended(worker: Worker) -> WorkerError:
    """The error that says how a process ended."""
    worker.process.join()
    code = worker.process.exitcode or 0
    names = {number.value: number.name for number in signal.Signals}
    how = f"killed by {names.get(-code, f'signal {-code}')}" if code < 0 else f"with status {code}"
    return WorkerError(f"a process that makes batches has ended, {how}. Is memory short? Without --workers threads make them")


@contextmanager
def _signals_held() -> Iterator[None]:
    """Hold signals back until a new process has said that it ignores them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# In a process that makes batches


def _serve(make: Callable[[int], Arrays], channel: socket.socket, inherited: Sequence[socket.socket]) -> None:
    """Answer requests until the trainer closes its end or has ended."""
    for other in inherited:
        other.close()
    for number in _SIGNALS:  # Ctrl-C reaches every process of a terminal; the trainer's may want batches for a last test
        signal.signal(number, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    torch.set_num_threads(1)  # one of several processes; and threads of OpenMP do not survive a fork
    decode_threads.use_one_thread()
    try:
        for number in _requests(channel):
            handover.send(channel, _outcome(make, number))
    except ConnectionError:  # the trainer has ended
        pass
    except Exception:  # no memory even to report an error: the exit status is the report
        os._exit(1)


def _requests(channel: socket.socket) -> Iterator[int]:
    trainer = multiprocessing.parent_process()
    channel.settimeout(_PATIENCE)
    while True:
        try:
            word = channel.recv(8)
        except TimeoutError:
            if trainer and not trainer.is_alive():  # and another child of the trainer's holds its end of the socket
                return
            continue
        if len(word) < 8:
            return
        yield int.from_bytes(word, "little")


def _outcome(make: Callable[[int], Arrays], number: int) -> BinaryIO:
    """A batch, or why there is none, packed."""
    try:
        return handover.pack(make(number))
    except Exception as error:
        return handover.pack(Failure(_portable(error), traceback.format_exc()))


def _portable(error: Exception) -> Exception:
    """The error, or one of the same words if it does not survive pickling."""
    try:
        pickle.loads(pickle.dumps(error))
        return error
    except Exception:
        kind = NetdefError if isinstance(error, NetdefError) else RuntimeError
        return kind(str(error) if kind is NetdefError else f"{type(error).__name__}: {error}")
