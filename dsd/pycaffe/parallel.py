"""Several processes that train together, and a stopwatch: ``caffe.NCCL``, ``caffe.Timer``, ``caffe.solver_count``.

Processes meet through `torch.distributed`: NCCL between GPUs, gloo between CPUs.
"""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass

import torch
import torch.distributed as dist

from dsd.distributed import World
from dsd.pycaffe.solver import Solver
from netdef.pycaffe import mode


@dataclass
class _Place:
    """This process's place among those that train together."""

    count: int = 1
    rank: int = 0


_place = _Place()


def solver_count() -> int:
    """How many processes train together."""
    return _place.count


def set_solver_count(count: int) -> None:
    """Say how many processes train together."""
    _place.count = int(count)


def solver_rank() -> int:
    """Which of the processes this one is."""
    return _place.rank


def set_solver_rank(rank: int) -> None:
    """Say which of the processes this one is, from 0 on."""
    _place.rank = int(rank)


def set_multiprocess(multiprocess: bool) -> None:
    """Do nothing: solvers are always one a process here."""


def has_nccl() -> bool:
    """Whether processes can train together."""
    return dist.is_available()


class NCCL:
    """Adds up the gradients of a solver in each of several processes: give it to ``solver.add_callback``.

    ``uid``, from `new_uid` of one process, is where they meet. Each process draws its own share of the batches.
    """

    def __init__(self, solver: Solver, uid: bytes | str):
        self._trainer = solver.trainer
        address = uid.decode() if isinstance(uid, bytes) else uid
        if not dist.is_initialized():
            dist.init_process_group(
                "nccl" if mode.device().type == "cuda" else "gloo", f"tcp://{address}", rank=_place.rank,
                world_size=_place.count)
        world = World(_place.rank, _place.count)
        self._trainer.world = self._trainer.keeper.world = world
        self._trainer.seed = world.agree(self._trainer.seed)
        self._trainer.net.feeds.configure(self._trainer.seed, world.rank, world.size)

    @staticmethod
    def new_uid() -> bytes:
        """A place to meet on this machine."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            return f"127.0.0.1:{free.getsockname()[1]}".encode()

    def bcast(self) -> None:
        """Give every process the weights of the first."""
        for tensor in (*self._trainer.net.parameters(), *self._trainer.net.buffers()):
            dist.broadcast(tensor.data, src=0)

    def __call__(self, layer: int | None = None) -> None:
        """Average the gradients over the processes. After single layers there is nothing to do: it is done at the end."""
        if layer is None:
            for parameter in self._trainer.net.parameters():
                if parameter.requires_grad:
                    if parameter.grad is None:
                        parameter.grad = torch.zeros_like(parameter)
                    dist.all_reduce(parameter.grad)
                    parameter.grad /= _place.count


class Timer:
    """A stopwatch. ``ms`` are the milliseconds from the last `start` to the last `stop`, or until now."""

    def __init__(self) -> None:
        self._started: float | None = None
        self._stopped: float | None = None

    def start(self) -> None:
        """Begin anew."""
        self._started, self._stopped = _now(), None

    def stop(self) -> None:
        """Hold the time."""
        if self._stopped is None:
            self._stopped = _now()

    @property
    def ms(self) -> float:
        if self._started is None:
            return 0.0
        return ((_now() if self._stopped is None else self._stopped) - self._started) * 1000


def _now() -> float:
    """Seconds, after all that a GPU has been told to do."""
    if mode.device().type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter()
