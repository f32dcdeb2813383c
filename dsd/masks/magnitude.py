"""Which weights a sparse phase keeps: those of largest magnitude, exactly as many as the sparsity says.

Pure functions from weights to masks. A mask is a bool tensor of the weight's shape, true = kept. Weights are counted
and numbered in logical order (the order of ``flatten()``), however they lie in memory.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import torch
from torch import Tensor

from netdef.errors import NetdefError
from netdef.weights.mask_bits import pack_mask

_PIECE = 1 << 20  # weights that are looked through for ties at a time: what fits the cache


class MaskError(NetdefError, ValueError):
    """A mask that cannot be made or read."""


def kept_count(n: int, sparsity: float | Fraction) -> int:
    """How many of n weights are kept: n * (1 - sparsity), a half rounded up, counted without floating point.

    A float means the shortest decimal that stands for it, and a float32 (as fields of messages are) the shortest that
    stands for it as such: 0.3 is three tenths, so 10 weights at 0.3 keep 7 and 5 at 0.3 keep 4. Raises `MaskError` when
    sparsity is not in [0, 1].
    """
    if not 0 <= sparsity <= 1:
        raise MaskError(f"sparsity is {float(sparsity):g}; it must be in [0, 1]")
    return math.floor(n * (1 - _decimal(sparsity)) + Fraction(1, 2))


def magnitude_mask(weight: Tensor, sparsity: float | Fraction) -> Tensor:
    """Keep exactly `kept_count` weights of largest absolute value; of equal ones those of lower index.

    Returns a contiguous bool tensor on the weight's device. Raises `MaskError` when a weight is NaN: it has no rank.
    """
    kept = _keep_largest(_magnitudes(weight, "the weight"), kept_count(weight.numel(), sparsity))
    return kept.view(weight.shape)


def global_masks(weights: Mapping[str, Tensor], sparsity: float | Fraction) -> dict[str, Tensor]:
    """One threshold over all the weights: `kept_count` of their total number are kept.

    Of equal weights those that come first are kept, tensors in the mapping's order. Returns a mask for each, on its
    weight's device; one of them may prune everything.
    """
    if not weights:
        return {}
    magnitudes = torch.cat([_magnitudes(weight, f"`{name}`") for name, weight in weights.items()])
    kept = _keep_largest(magnitudes, kept_count(magnitudes.numel(), sparsity))
    parts = kept.split([weight.numel() for weight in weights.values()])
    return {name: part.clone().view(weight.shape) for (name, weight), part in zip(weights.items(), parts)}


def refuse_nan(weight: Tensor, who: str = "the weight") -> None:
    """Raise `MaskError` if there is a NaN in it."""
    if weight.numel() and bool(weight.max().isnan()):  # the largest of numbers and NaN is NaN, and soon found
        nan = int(weight.isnan().sum())
        raise MaskError(f"{who} has {nan} NaN among its {weight.numel()} values and cannot be ranked")


def mask_hash(masks: Mapping[str, Tensor]) -> str:
    """SHA-256 over names, shapes and bits, in the order of names: equal on two ranks exactly if their masks are."""
    digest = hashlib.sha256()
    for name, kept in sorted(masks.items()):
        digest.update(f"{name!r} {tuple(kept.shape)}\n".encode())
        digest.update(pack_mask(kept))
    return digest.hexdigest()


def _decimal(value: float | Fraction) -> Fraction:
    if isinstance(value, Fraction):
        return value
    single = np.float32(value)
    return Fraction(str(single) if float(single) == float(value) else str(float(value)))


def _magnitudes(weight: Tensor, who: str) -> Tensor:
    """Absolute values in logical order, flat, in memory of their own."""
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
    # numpy selects with vector instructions, in a fraction of the time that torch's kthvalue or sort take on a CPU. Many
    # equal values slow it down, and where a net was pruned before those are its zeros: set apart.
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
