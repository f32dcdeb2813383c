"""RANDOM: keep random weights, by a seed: a control for choosing by magnitude."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from dsd.masks.mask import NamedWeight, WeightMask, kept_count
from dsd.masks.policies.base import MaskPolicy, register
from dsd.masks.policies.fixed import magnitude_mask


@register("RANDOM")
@dataclass(frozen=True)
class Random(MaskPolicy):
    """A policy whose masks are made once, at random."""

    def first_mask(self, weight: NamedWeight, sparsity: float, seed: int) -> WeightMask:
        return WeightMask(random_mask(weight.tensor, sparsity, seed))

    def kept_count(self, weight: NamedWeight, sparsity: float, iteration: int) -> int:
        return kept_count(weight.tensor.numel(), sparsity)


def random_mask(weight: Tensor, sparsity: float, seed: int) -> Tensor:
    """Keep exactly `kept_count` random weights.

    Drawn on the CPU, so that a seed gives the same mask on every device.
    """
    draw = torch.rand(weight.shape, generator=torch.Generator().manual_seed(seed))
    return magnitude_mask(draw, sparsity).to(weight.device)
