"""The processes that train together, one a device, started by torchrun."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TypeVar

import torch
import torch.distributed as dist
from torch import Tensor

from dsd.masks.mask import mask_hash
from netdef.errors import NetdefError

T = TypeVar("T")


@dataclass(frozen=True)
class World:
    """The rank of this process, and how many processes train together."""

    rank: int = 0
    size: int = 1

    @classmethod
    def join(cls) -> World:
        """Join the processes that torchrun started: NCCL between GPUs, gloo between CPUs. One process without torchrun."""
        if int(os.environ.get("WORLD_SIZE", 1)) == 1:
            return cls()
        if not dist.is_initialized():
            if torch.cuda.is_available():
                torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
            store, rank, size = next(dist.rendezvous("env://"))
            # torchrun keeps the store when it starts processes again; the addresses of those before must not be found.
            start = f"start_{os.environ.get('TORCHELASTIC_RESTART_COUNT', 0)}"
            begin_group(torch.cuda.is_available(), rank, size, store=dist.PrefixStore(start, store))
        return cls(dist.get_rank(), dist.get_world_size())

    def leave(self) -> None:
        """Wait for all ranks and end the process group with its threads. Call it before the program ends: a thread of gloo
        that drops a tensor of Python while the interpreter shuts down aborts the process."""
        if self.size > 1:
            dist.barrier()
            dist.destroy_process_group()

    def agree(self, value: T) -> T:
        """Broadcast the first rank's value."""
        if self.size == 1:
            return value
        box = [value]
        dist.broadcast_object_list(box, src=0)
        return box[0]

    def same(self, masks: dict[str, Tensor]) -> dict[str, Tensor]:
        """Broadcast the first rank's masks, in place. Raises `NetdefError` if their hashes differ afterwards."""
        if self.size == 1:
            return masks
        for kept in masks.values():
            dist.broadcast(kept.view(torch.uint8), src=0)
        hashes = self.gather(mask_hash(masks))
        if len(set(hashes)) > 1:
            raise NetdefError(f"the ranks hold different masks: {', '.join(h[:12] for h in hashes)}")
        return masks

    def gather(self, value: object) -> list:
        """Collect the value of every rank, in the order of ranks, on every rank."""
        found: list = [value] * self.size
        if self.size > 1:
            dist.all_gather_object(found, value)
        return found

    def wait(self) -> None:
        """Wait for all ranks."""
        if self.size > 1:
            dist.barrier()


def begin_group(gpu: bool, rank: int, size: int, *, store: dist.Store | None = None, url: str | None = None) -> None:
    """Begin the process group: NCCL between GPUs, gloo between CPUs. The processes meet at the store or the URL."""
    # Its functions have the default group as a default argument: imported later, they would keep it for ever.
    from torch.distributed.nn import functional  # noqa: F401

    dist.init_process_group("nccl" if gpu else "gloo", url, rank=rank, world_size=size, store=store)


ALONE = World()
"""One process, on its own."""
