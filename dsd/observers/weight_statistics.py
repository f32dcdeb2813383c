"""Statistics of pruned weights: histograms, overlap of masks, drift of weights. Pure functions.

Large layers are processed in pieces to save memory.
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
    """Counts of values in bins of width 2^exponent, aligned so that zero is an edge.

    ``counts`` start with bin number ``first``, which is [first, first + 1) times the width. Exact zeros are counted in
    ``zeros`` only, NaN and infinities in ``not_finite`` only; ``mean_abs`` is that of the finite values, None without
    any. Any two histograms can be brought to one width exactly: see `coarser`.
    """

    exponent: int
    first: int
    counts: tuple[int, ...]
    zeros: int
    not_finite: int
    mean_abs: float | None

    @property
    def width(self) -> float:
        """Width of a bin."""
        return math.ldexp(1.0, self.exponent)

    @property
    def total(self) -> int:
        """Number of values, in bins or not."""
        return sum(self.counts) + self.zeros + self.not_finite

    def coarser(self, exponent: int) -> Histogram:
        """The same values in bins of at least this width, each a union of old bins."""
        step = max(exponent - self.exponent, 0)
        counts: dict[int, int] = {}
        for number, count in enumerate(self.counts, self.first):
            counts[number >> step] = counts.get(number >> step, 0) + count
        first = self.first >> step
        return Histogram(
            self.exponent + step, first, tuple(counts.values()), self.zeros, self.not_finite, self.mean_abs)


@torch.no_grad()
def histogram(values: Tensor) -> Histogram:
    """The histogram of a tensor, in the smallest bins for which `BINS` on each side of zero suffice."""
    values = values.detach().reshape(-1)
    finite = values[values.isfinite()] if values.numel() and not bool(values.sum().isfinite()) else values
    not_finite, count = values.numel() - finite.numel(), finite.numel()
    largest = float(finite.abs().max()) if count else 0.0
    zeros = count - int(torch.count_nonzero(finite))
    if largest == 0.0:
        return Histogram(0, 0, (), zeros, not_finite, 0.0 if count else None)
    exponent = math.frexp(largest)[1] - int(math.log2(BINS))
    half = -exponent // 2  # in two steps: for denormals the factor itself exceeds float32
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
    """Counts of two masks of one weight: all weights, kept before, kept now, kept by both."""

    weights: int
    kept_before: int
    kept_now: int
    kept_both: int

    @property
    def jaccard(self) -> float | None:
        """Share of the weights pruned by both masks among those pruned by either; None if nothing is pruned."""
        pruned_both = self.weights - self.kept_before - self.kept_now + self.kept_both
        either = self.weights - self.kept_both
        return pruned_both / either if either else None

    @property
    def by_chance(self) -> float | None:
        """The expected `jaccard` of independent masks of these sizes."""
        before, now = self.weights - self.kept_before, self.weights - self.kept_now
        if not before + now:
            return None
        both = before * now / self.weights
        return both / (before + now - both)

    @property
    def at_most(self) -> float | None:
        """The largest possible `jaccard` of masks of these sizes."""
        before, now = self.weights - self.kept_before, self.weights - self.kept_now
        return min(before, now) / max(before, now) if before + now else None


@torch.no_grad()
def overlap(before: Tensor, now: Tensor) -> Overlap:
    """Count two bool tensors of one shape, true = kept."""
    return Overlap(now.numel(), int(before.sum()), int(now.sum()), int((before & now).sum()))


@dataclass(frozen=True)
class Drift:
    """Movement of ``count`` weights: |after - before| / |before| (L2), and the cosine of the two.

    None if a norm is zero or not finite.
    """

    count: int
    distance: float | None
    cosine: float | None


@torch.no_grad()
def drift(before: Tensor, after: Tensor, among: Tensor | None = None) -> Drift:
    """Compare two states of a weight, everywhere or where ``among`` is true, in double precision."""
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
    """The growth of ``count`` pruned weights against the threshold that pruned them.

    ``threshold`` is the smallest magnitude that was kept then, None if no single one decided; ``above`` weights are now at
    least as large.
    """

    count: int
    above: int | None
    threshold: float | None


@torch.no_grad()
def regrowth(reborn: Tensor, threshold: float | None) -> Regrowth:
    """Count the formerly pruned weights, a flat tensor, that exceed the threshold of their pruning."""
    above = None if threshold is None else int(torch.count_nonzero(reborn.detach().abs() >= threshold))
    return Regrowth(reborn.numel(), above, threshold)


def _pieces(*flat: Tensor) -> Iterator[tuple[Tensor, ...]]:
    return zip(*(tensor.split(_PIECE) for tensor in flat))
