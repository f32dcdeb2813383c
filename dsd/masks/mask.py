"""Masks: bool tensors of their weights' shapes, true = kept. Exact counts, and a hash to compare them by."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from torch import Tensor

from netdef.errors import NetdefError
from netdef.weights.mask_bits import pack_mask


class MaskError(NetdefError, ValueError):
    """The error for a mask that cannot be made."""


@dataclass(frozen=True, eq=False)
class NamedWeight:
    """A weight that can be pruned.

    Attributes:
        key: the name of its mask, in snapshots and hashes: a Mask layer's in a Caffe net, the parameter's in a module.
        layer: the name that the patterns of a phase are compared with.
        label: what reports call it.
        tensor: the parameter itself.
        by_channel: gives a tensor of its shape as (groups, outputs of a group, inputs, places of the kernel), a view if
            that is contiguous.
        sparsity: its own, which overrides that of a phase; None without one.
        usual: whether a sparse phase prunes it without naming it.
        trained: whether the optimiser has it; if not, its pruned elements are zeroed once, when masks are entered.
        fill: fills a tensor of its shape with new first values, for ``regrow: FILLER``; None without a filler.
    """

    key: str
    layer: str
    label: str
    tensor: Tensor
    by_channel: Callable[[Tensor], Tensor]
    sparsity: float | None = None
    usual: bool = True
    trained: bool = True
    fill: Callable[[Tensor], object] | None = None


@dataclass(eq=False)
class WeightMask:
    """The mask of one weight.

    ``under`` holds the values of pruned weights, learned under the mask or saved to regrow from, and 0 for kept ones; None
    if no phase needs them. ``threshold`` is the magnitude below which the policy prunes; None if it remembers none.
    """

    kept: Tensor
    under: Tensor | None = None
    threshold: float | None = None


def kept_count(n: int, sparsity: float | Fraction) -> int:
    """Number of weights kept of n: n * (1 - sparsity), a half rounded up, in exact arithmetic.

    A float counts as the shortest decimal that rounds to it, and a float32 value (as fields of messages have) as the
    shortest that rounds to that: 0.3 is three tenths, so 10 weights at 0.3 keep 7 and 5 at 0.3 keep 4. Raises `MaskError` when
    sparsity is not in [0, 1].
    """
    if not 0 <= sparsity <= 1:
        raise MaskError(f"sparsity is {float(sparsity):g}; it must be in [0, 1]")
    return math.floor(n * (1 - _decimal(sparsity)) + Fraction(1, 2))


def refuse_nan(weight: Tensor, who: str = "the weight") -> None:
    """Raise `MaskError` if the weight contains NaN."""
    if weight.numel() and bool(weight.max().isnan()):  # max is NaN if any value is, and fast
        nan = int(weight.isnan().sum())
        raise MaskError(f"{who} has {nan} NaN among its {weight.numel()} values and cannot be ranked")


def mask_hash(masks: Mapping[str, Tensor]) -> str:
    """SHA-256 of names, shapes and bits, in the order of names."""
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
