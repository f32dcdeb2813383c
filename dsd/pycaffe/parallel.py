"""Several processes that train together, and a stopwatch: ``caffe.NCCL``, ``caffe.Timer``, ``caffe.solver_count``.

Processes meet through `torch.distributed`: NCCL between GPUs, gloo between CPUs.
"""

from __future__ import annotations

import atexit
import socket
import time
from dataclasses import dataclass

import torch
import torch.distributed as dist

from dsd.distributed import World, begin_group
from dsd.pycaffe.solver import CaffeSolver
from netdef.pycaffe import mode
from netdef.pycaffe.layer_memory import gradient_of


@dataclass
class _Place:
    """The rank of this process, and the number of processes that train together."""

    count: int = 1
    rank: int = 0


_place = _Place()


def solver_count() -> int:
    """The number of processes that train together."""
    return _place.count


def set_solver_count(count: int) -> None:
    """Set the number of processes that train together."""
    _place.count = int(count)


def solver_rank() -> int:
    """The rank of this process."""
    return _place.rank


def set_solver_rank(rank: int) -> None:
    """Set the rank of this process, from 0."""
    _place.rank = int(rank)


def set_multiprocess(multiprocess: bool) -> None:
    """Do nothing: each process has one solver."""


def has_nccl() -> bool:
    """Whether processes can train together."""
    return dist.is_available()


class NCCL:
    """Add up the gradients of a solver in each of several processes: give it to ``solver.add_callback``.

    ``uid``, from `new_uid` of one process, is where they meet. Each process draws its own share of the batches, and
    leaves the others as its program ends.
    """

    def __init__(self, solver: CaffeSolver, uid: bytes | str):
        self._solver, self._trainer = solver, solver.trainer
        address = uid.decode() if isinstance(uid, bytes) else uid
        if not dist.is_initialized():
            begin_group(mode.device().type == "cuda", _place.rank, _place.count, url=f"tcp://{address}")
            atexit.register(_leave)
        world = World(_place.rank, _place.count)
        self._trainer.world = self._trainer.keeper.world = world
        self._trainer.seed = world.agree(self._trainer.seed)
        self._trainer.net.feeds.configure(self._trainer.seed, world.rank, world.size)

    @staticmethod
    def new_uid() -> bytes:
        """An address on this machine at which the processes meet."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            return f"127.0.0.1:{free.getsockname()[1]}".encode()

    def bcast(self) -> None:
        """Broadcast the weights of the first process."""
        net = self._solver.net
        net.passes.upload()
        for tensor in (*net.module.parameters(), *net.module.buffers()):
            dist.broadcast(tensor.data, src=0)
        net.refresh_weights()

    def __call__(self, layer: int | None = None) -> None:
        """Average the gradients over the processes. After single layers there is nothing to do: it is done at the end."""
        if layer is None:
            for parameter in self._trainer.net.parameters():
                if parameter.requires_grad:
                    memory = gradient_of(parameter)
                    gradient = memory.get()  # with what scripts have written
                    if gradient is None:
                        gradient = parameter.grad = torch.zeros_like(parameter)
                    dist.all_reduce(gradient)
                    gradient /= _place.count
                    memory.changed()


def _leave() -> None:
    """End the process group. It does not wait for the others, as `World.leave` does: after an error here they wait for
    gradients that never come, until this process ends."""
    if dist.is_initialized():
        dist.destroy_process_group()


class Timer:
    """A stopwatch. ``ms`` are the milliseconds from the last `start` to the last `stop`, or until now."""

    def __init__(self) -> None:
        self._started: float | None = None
        self._stopped: float | None = None

    def start(self) -> None:
        """Start, or start again."""
        self._started, self._stopped = _now(), None

    def stop(self) -> None:
        """Stop."""
        if self._stopped is None:
            self._stopped = _now()

    @property
    def ms(self) -> float:
        if self._started is None:
            return 0.0
        return ((_now() if self._stopped is None else self._stopped) - self._started) * 1000


def _now() -> float:
    """The time in seconds, after all work queued on a GPU."""
    if mode.device().type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter()
