"""FIXED: keep the weights of largest magnitude on entry, exactly as many as the sparsity says (Han et al. 2017: DSD).

Other policies use `magnitude_mask`, too. Weights are numbered in logical order (that of ``flatten()``), whatever their
memory layout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import torch
from torch import Tensor

from dsd.masks.mask import NamedWeight, WeightMask, kept_count, refuse_nan
from dsd.masks.policies.base import MaskPolicy, register

_PIECE = 1 << 20  # weights searched for ties at a time: fits the cache


@register("FIXED")
@dataclass(frozen=True)
class Fixed(MaskPolicy):
    """The policy of the DSD paper: masks are made once, by magnitude."""

    splits_by_magnitude = True

    def first_mask(self, weight: NamedWeight, sparsity: float, seed: int) -> WeightMask:
        return WeightMask(magnitude_mask(weight.tensor, sparsity))

    def kept_count(self, weight: NamedWeight, sparsity: float, iteration: int) -> int:
        return kept_count(weight.tensor.numel(), sparsity)


def magnitude_mask(weight: Tensor, sparsity: float | Fraction, who: str = "the weight") -> Tensor:
    """Keep exactly `kept_count` weights of largest absolute value; ties go to the lower index.

    Returns a contiguous bool tensor on the weight's device. Raises `MaskError`, which calls the weight ``who``, for NaN,
    which cannot be ranked.
    """
    kept = _keep_largest(_magnitudes(weight, who), kept_count(weight.numel(), sparsity))
    return kept.view(weight.shape)


def global_masks(weights: Mapping[str, Tensor], sparsity: float | Fraction) -> dict[str, Tensor]:
    """Put one threshold over all weights: `kept_count` of their total number are kept.

    Ties go to the lower index, tensors in the mapping's order. Returns a mask for each, on its weight's device; a mask may
    prune everything.
    """
    if not weights:
        return {}
    magnitudes = torch.cat([_magnitudes(weight, f"`{name}`") for name, weight in weights.items()])
    kept = _keep_largest(magnitudes, kept_count(magnitudes.numel(), sparsity))
    parts = kept.split([weight.numel() for weight in weights.values()])
    return {name: part.clone().view(weight.shape) for (name, weight), part in zip(weights.items(), parts)}


def _magnitudes(weight: Tensor, who: str) -> Tensor:
    """A flat copy of the absolute values in logical order."""
    magnitudes = weight.detach().abs().reshape(-1)
    if magnitudes.dtype in (torch.bfloat16, torch.float16):
        magnitudes = magnitudes.float()
    refuse_nan(magnitudes, who)
    return magnitudes


def _keep_largest(magnitudes: Tensor, count: int) -> Tensor:
    if magnitudes.device.type == "cpu":
        return torch.from_numpy(_keep_largest_on_cpu(magnitudes.numpy(), count))
    kept = torch.zeros_like(magnitudes, dtype=torch.bool)
    kept[magnitudes.sort(descending=True, stable=True).indices[:count]] = True
    return kept


def _keep_largest_on_cpu(magnitudes: np.ndarray, count: int) -> np.ndarray:
    if count == 0 or count == magnitudes.size:
        return np.full(magnitudes.size, count > 0)
    # numpy selects with vector instructions, much faster than torch's kthvalue or sort on a CPU. Many equal values slow
    # it down; a net that was pruned before has many zeros, so they are left out.
    ranked = magnitudes[magnitudes > 0]
    threshold = 0.0
    if (place := ranked.size - count) > 0:
        ranked.partition(place)
        threshold = ranked[place]
    kept = magnitudes > threshold
    missing = count - np.count_nonzero(kept)
    for start in range(0, magnitudes.size, _PIECE):
        ties = start + np.flatnonzero(magnitudes[start : start + _PIECE] == threshold)[:missing]
        kept[ties] = True
        missing -= ties.size
        if not missing:
            break
    return kept
