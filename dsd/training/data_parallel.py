"""Wrap a net in torch's DistributedDataParallel."""

from __future__ import annotations

from inspect import signature
from typing import Any

import torch.distributed as dist
from torch import nn

from dsd.distributed import World
from netdef.graph.net import Net


def in_parallel(net: Net, world: World, run: nn.Module | None = None) -> nn.parallel.DistributedDataParallel | None:
    """Wrap the net, or ``run`` around it, so that gradients are averaged over all ranks; None for one process.

    Running statistics stay each rank's own, as in Caffe; the first rank's are saved.
    """
    if world.size == 1:
        return None
    # The module keeps its group, and gloo's threads in it, as long as it lives. In a group of its own they hold no Python
    # objects, and `World.leave` can end the threads that do.
    group = dist.new_group() if dist.get_backend() == dist.Backend.GLOO else None
    # Newer versions of torch warn of the older name.
    known = signature(nn.parallel.DistributedDataParallel).parameters
    name = "forward_sync_buffers" if "forward_sync_buffers" in known else "broadcast_buffers"
    sync: dict[str, Any] = {name: False}  # the types of this version do not know both names
    return nn.parallel.DistributedDataParallel(
        net if run is None else run, process_group=group, find_unused_parameters=not _all_reach_a_loss(net),
        gradient_as_bucket_view=True, **sync)


def _all_reach_a_loss(net: Net) -> bool:
    """Whether every layer with parameters reaches a loss; if not, DDP must search for unused parameters."""
    needed = {value for node in net.graph.nodes for value, weight in zip(node.tops, node.loss_weights) if weight}
    for node in reversed(net.graph.nodes):
        if needed.intersection(node.tops):
            needed.update(node.bottoms)
        elif net.params.get(node.key):
            return False
    return True
