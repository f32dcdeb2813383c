"""What pruning did to weights, as numbers: histograms, how masks overlap, how far weights moved. Pure functions.

Large layers are gone through in pieces, so that they take no memory to speak of besides their own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

BINS = 128  # on each side of zero
_PIECE = 1 << 22


@dataclass(frozen=True)
class Histogram:
    """How many values fall into bins of width 2^exponent that begin at multiples of it, so that zero is an edge.

    ``counts`` begin with bin number ``first``, which is [first, first + 1) times the width. Values that are exactly
    zero are counted in ``zeros`` and in no bin, NaN and infinities in ``not_finite``; ``mean_abs`` is of the finite
    ones, None without any. Two histograms of any values can be brought to one width without error: see `coarser`.
    """

    exponent: int
    first: int
    counts: tuple[int, ...]
    zeros: int
    not_finite: int
    mean_abs: float | None

    @property
    def width(self) -> float:
        """Of a bin."""
        return math.ldexp(1.0, self.exponent)

    @property
    def total(self) -> int:
        """All values, in bins or not."""
        return sum(self.counts) + self.zeros + self.not_finite

    def coarser(self, exponent: int) -> Histogram:
        """The same values in bins of at least this width: each new bin is whole old ones."""
        step = max(exponent - self.exponent, 0)
        counts: dict[int, int] = {}
        for number, count in enumerate(self.counts, self.first):
            counts[number >> step] = counts.get(number >> step, 0) + count
        first = self.first >> step
        return Histogram(
            self.exponent + step, first, tuple(counts.values()), self.zeros, self.not_finite, self.mean_abs)


@torch.no_grad()
def histogram(values: Tensor) -> Histogram:
    """The histogram of a tensor in the smallest bins of which `BINS` on each side of zero are enough."""
    values = values.detach().reshape(-1)
    finite = values[values.isfinite()] if values.numel() and not bool(values.sum().isfinite()) else values
    not_finite, count = values.numel() - finite.numel(), finite.numel()
    largest = float(finite.abs().max()) if count else 0.0
    zeros = count - int(torch.count_nonzero(finite))
    if largest == 0.0:
        return Histogram(0, 0, (), zeros, not_finite, 0.0 if count else None)
    exponent = math.frexp(largest)[1] - int(math.log2(BINS))
    half = -exponent // 2  # in two steps, for denormals: what makes them large is beyond float32 itself
    found, total = torch.zeros(2 * BINS, dtype=torch.int64), 0.0
    for (piece,) in _pieces(finite):
        scaled = piece * 2.0**half * 2.0 ** (-exponent - half)
        total += float(piece.abs().sum(dtype=torch.float64))
        found += torch.bincount(scaled.floor_().to(torch.int64).add_(BINS), minlength=2 * BINS)
    found[BINS] -= zeros
    taken = found.nonzero().flatten().tolist()
    counts = found[taken[0] : taken[-1] + 1].tolist()
    return Histogram(exponent, taken[0] - BINS, tuple(counts), zeros, not_finite, total / count)


@dataclass(frozen=True)
class Overlap:
    """Two masks of one weight, counted: weights in all, kept by the one before, by the one now, and by both."""

    weights: int
    kept_before: int
    kept_now: int
    kept_both: int

    @property
    def jaccard(self) -> float | None:
        """Of the weights that either mask prunes, the share that both prune; None where nothing is pruned."""
        pruned_both = self.weights - self.kept_before - self.kept_now + self.kept_both
        either = self.weights - self.kept_both
        return pruned_both / either if either else None

    @property
    def by_chance(self) -> float | None:
        """`jaccard` of independent masks of these sizes: with as many in both as are to be expected."""
        before, now = self.weights - self.kept_before, self.weights - self.kept_now
        if not before + now:
            return None
        both = before * now / self.weights
        return both / (before + now - both)

    @property
    def at_most(self) -> float | None:
        """The largest `jaccard` that masks of these sizes can have: the smaller prunes nothing of its own."""
        before, now = self.weights - self.kept_before, self.weights - self.kept_now
        return min(before, now) / max(before, now) if before + now else None


@torch.no_grad()
def overlap(before: Tensor, now: Tensor) -> Overlap:
    """Count two bool tensors of one shape, true = kept."""
    return Overlap(now.numel(), int(before.sum()), int(now.sum()), int((before & now).sum()))


@dataclass(frozen=True)
class Drift:
    """How far ``count`` weights moved: |after - before| / |before| (L2), and the cosine of the two.

    None where a norm is zero or not finite.
    """

    count: int
    distance: float | None
    cosine: float | None


@torch.no_grad()
def drift(before: Tensor, after: Tensor, among: Tensor | None = None) -> Drift:
    """Compare the weights of two moments, all or those where ``among`` is true, summed in double precision."""
    tensors = [tensor.detach().reshape(-1) for tensor in (before, after)]
    count, moved, old, new, both = 0, 0.0, 0.0, 0.0, 0.0
    for a, b, *chosen in _pieces(*tensors, *([] if among is None else [among.reshape(-1)])):
        a, b = (x[chosen[0]] if chosen else x for x in (a, b))
        a, b = a.double(), b.double()
        count += a.numel()
        old, new, both = old + float(a @ a), new + float(b @ b), both + float(a @ b)
        moved += float((b - a).square_().sum())
    if not (0 < old < math.inf and new < math.inf):
        return Drift(count, None, None)
    cosine = min(max(both / math.sqrt(old * new), -1.0), 1.0) if new else None
    return Drift(count, math.sqrt(moved / old), cosine)


@dataclass(frozen=True)
class Regrowth:
    """Of ``count`` weights that were pruned: ``above`` are by now at least as large as ``threshold``, the smallest
    magnitude that was kept when they were pruned. None where no single threshold decided."""

    count: int
    above: int | None
    threshold: float | None


@torch.no_grad()
def regrowth(reborn: Tensor, threshold: float | None) -> Regrowth:
    """Count the weights that were pruned, in a flat tensor, against the threshold of their pruning."""
    above = None if threshold is None else int(torch.count_nonzero(reborn.detach().abs() >= threshold))
    return Regrowth(reborn.numel(), above, threshold)


def _pieces(*flat: Tensor) -> Iterator[tuple[Tensor, ...]]:
    return zip(*(tensor.split(_PIECE) for tensor in flat))
