"""The main function of the processes of a `WorkerPool`: make the requested batches."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import socket
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, NamedTuple

import numpy as np
import torch

from netdef.data.feeding import handover
from netdef.data.images import decode_threads
from netdef.errors import NetdefError

Arrays = dict[str, np.ndarray]
CHECK_INTERVAL = 1.0  # seconds between two checks that the other process is alive, as its end of the socket may stay open
IGNORED_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGHUP", "SIGTERM") if hasattr(signal, name)]


class Failure(NamedTuple):
    """The error that a process raised instead of making a batch, and its traceback."""

    error: Exception
    trace: str


def serve_batches(make: Callable[[int], Arrays], channel: socket.socket, inherited: Sequence[socket.socket]) -> None:
    """Answer requests until the trainer closes its end or has ended."""
    for other in inherited:
        other.close()
    for number in IGNORED_SIGNALS:  # all processes of a terminal or a job get them; the trainer may still want batches
        signal.signal(number, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, IGNORED_SIGNALS)
    torch.set_num_threads(1)  # it is one of several processes, and OpenMP's threads do not survive a fork
    decode_threads.use_one_thread()
    try:
        for number in _requests(channel):
            handover.send(channel, _outcome(make, number))
    except ConnectionError:  # the trainer has ended
        pass
    except Exception:  # no memory even for an error: the exit status reports it
        os._exit(1)


def _requests(channel: socket.socket) -> Iterator[int]:
    trainer = multiprocessing.parent_process()
    channel.settimeout(CHECK_INTERVAL)
    while True:
        try:
            word = channel.recv(8)
        except TimeoutError:
            if trainer and not trainer.is_alive():  # another child of the trainer may hold its end of the socket open
                return
            continue
        if len(word) < 8:
            return
        yield int.from_bytes(word, "little")


def _outcome(make: Callable[[int], Arrays], number: int) -> BinaryIO:
    """Make and pack a batch, or pack the error."""
    try:
        return handover.pack(make(number))
    except Exception as error:
        return handover.pack(Failure(_portable(error), traceback.format_exc()))


def _portable(error: Exception) -> Exception:
    """The error, or one with the same message if it cannot be pickled."""
    try:
        pickle.loads(pickle.dumps(error))
        return error
    except Exception:
        kind = NetdefError if isinstance(error, NetdefError) else RuntimeError
        return kind(str(error) if kind is NetdefError else f"{type(error).__name__}: {error}")
