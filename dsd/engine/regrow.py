"""What weights that were pruned start from when the next phase begins."""

from __future__ import annotations

import torch
from torch import Tensor

from dsd.seeds import seed_of
from netdef.graph.net import Net


@torch.no_grad()
def regrow(net: Net, mask: str, weight: Tensor, kept: Tensor, under: Tensor | None, rule: str, seed: int) -> None:
    """Give the pruned weights of a Mask layer, which are 0, the values that ``rule`` says, in place.

    ``ZERO`` is the DSD paper's (Han et al. 2017) and leaves them. ``SAVED`` takes them from ``under``, what lies under
    the mask. ``FILLER`` draws them from the layer's filler, which follows from ``seed`` alone.
    """
    if rule == "SAVED" and under is not None:
        weight.copy_(torch.where(kept, weight, under))
    elif rule == "FILLER":
        drawn = torch.empty(weight.shape, dtype=weight.dtype)
        torch.manual_seed(seed_of(seed, "regrow", mask))
        _fill_of(net, weight)(drawn)
        weight.copy_(torch.where(kept, weight, drawn.to(weight.device)))


def _fill_of(net: Net, weight: Tensor):
    """The filler of a weight: of layers that share one, its owner has it."""
    return next(
        fill for layer in net.layers.values() for name, fill in layer.fills.items() if getattr(layer, name) is weight)
