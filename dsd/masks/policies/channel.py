"""CHANNEL: prune whole output channels, those of smallest norm (Li et al. 2017, "Pruning Filters for Efficient ConvNets")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from dsd.masks.mask import NamedWeight, WeightMask, kept_count, refuse_nan
from dsd.masks.policies.base import Complain, MaskPolicy, register, require_sparsity
from dsd.masks.policies.fixed import magnitude_mask
from netdef.schema import messages


@register("CHANNEL")
@dataclass(frozen=True)
class Channel(MaskPolicy):
    """A policy whose masks are made once, by the L2 (``order`` 2) or L1 (1) norm of channels. The paper uses L1."""

    order: int = 2

    message_fields = ("channel_norm",)

    @classmethod
    def read(cls, message: messages.DsdPhase, complain: Complain) -> Channel:
        require_sparsity(cls.name, message, complain)
        return cls(1 if message.channel_norm == messages.DsdPhase.L1 else 2)

    def first_mask(self, weight: NamedWeight, sparsity: float, seed: int) -> WeightMask:
        return WeightMask(channel_mask(weight.tensor, weight.by_channel, sparsity, self.order))

    def kept_count(self, weight: NamedWeight, sparsity: float, iteration: int) -> int:
        return channel_count(weight.tensor.shape, weight.by_channel, sparsity)


def channel_mask(weight: Tensor, by_channel: Callable[[Tensor], Tensor], sparsity: float, order: int = 2) -> Tensor:
    """Keep exactly `kept_count` of the output channels: those of largest L2 (``order`` 2) or L1 (1) norm.

    ``by_channel`` is that of `NamedWeight`. The bias of a pruned channel goes on learning. Raises `MaskError` for NaN.
    """
    refuse_nan(weight)
    norms = torch.linalg.vector_norm(by_channel(weight.detach()), order, dim=(2, 3), dtype=torch.float64)
    mask = torch.empty(weight.shape, dtype=torch.bool, device=weight.device)
    by_channel(mask).copy_(magnitude_mask(norms, sparsity)[..., None, None])
    return mask


def channel_count(shape: torch.Size, by_channel: Callable[[Tensor], Tensor], sparsity: float) -> int:
    """Number of weights that `channel_mask` keeps."""
    channels = by_channel(torch.empty(shape, device="meta")).shape[:2].numel()
    return kept_count(channels, sparsity) * (shape.numel() // channels)
