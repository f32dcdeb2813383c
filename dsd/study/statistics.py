"""Paired comparisons over seeds: each seed is a pair of runs with the same initial weights and the same batches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

CONFIDENCE = 0.95
LEVEL = 0.05  # below it a p counts as significant


@dataclass(frozen=True)
class PairedComparison:
    """An arm's errors against its control's at ``iteration``, the arm's last, seed by seed.

    Differences are arm minus control; negative is better.

    ``low`` and ``high`` bound the mean difference with 95% confidence (Student's t). ``t_p`` is of the paired t-test (where
    all differences are equal, of the sign test), ``wilcoxon_p`` of Wilcoxon's signed-rank test, both two-sided; ``holm_p``
    is ``t_p`` corrected for the number of comparisons by Holm's method. With fewer than two pairs all of them are None, as
    are mean and the like without any.
    """

    arm: str
    control: str
    iteration: int
    pairs: int
    mean: float | None = None
    sd: float | None = None
    control_mean: float | None = None
    control_sd: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    t_p: float | None = None
    wilcoxon_p: float | None = None
    holm_p: float | None = None

    @property
    def significant(self) -> bool:
        """Whether the corrected p is below `LEVEL`."""
        return self.holm_p is not None and self.holm_p < LEVEL


def compare(
    arm: str, control: str, iteration: int, errors: Sequence[float], control_errors: Sequence[float], noise: float = 0.0
) -> PairedComparison:
    """Compare errors of the same seeds in the same order; those that differ by at most ``noise`` are equal.

    ``holm_p`` is left for `holm`.
    """
    own, other = np.asarray(errors, float), np.asarray(control_errors, float)
    n = len(own)
    if n == 0:
        return PairedComparison(arm, control, iteration, 0)
    noise = max(noise, 1e-9 * np.abs([own, other]).max())
    difference = _without_noise(own - other, noise)
    means = [float(x.mean()) for x in (own, other, difference)]
    if abs(means[2]) <= noise:  # seeds that cancel out: the last digits are no difference
        means[2] = 0.0
    if n == 1:
        return PairedComparison(arm, control, iteration, 1, means[0], None, means[1], None, means[2])
    from scipy import stats

    sds = [float(x.std(ddof=1)) for x in (own, other)]
    error = float(difference.std(ddof=1)) / math.sqrt(n)
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, n - 1)) * error
    if np.ptp(difference):
        t_p = float(stats.ttest_1samp(difference, 0.0).pvalue)
    else:  # the same difference in every seed, likely with few test images: only the signs count
        t_p = wilcoxon_floor(n) if difference.any() else 1.0
    wilcoxon_p = float(stats.wilcoxon(difference).pvalue) if difference.any() else 1.0
    return PairedComparison(
        arm, control, iteration, n, means[0], sds[0], means[1], sds[1], means[2], means[2] - half, means[2] + half, t_p,
        wilcoxon_p)


def _without_noise(differences: np.ndarray, noise: float) -> np.ndarray:
    """Make sizes that differ by at most ``noise`` equal, and those near zero 0.

    One more wrong answer is the same step in every seed; the last digits of floats must not decide ranks and spreads.
    """
    sizes = np.abs(differences)
    order = np.argsort(sizes)
    _, *groups = np.split(order, np.flatnonzero(np.diff(sizes[order], prepend=0.0) > noise))
    equal = np.zeros_like(sizes)
    for group in groups:
        equal[group] = sizes[group].mean()
    return np.copysign(equal, differences)


def holm(comparisons: Sequence[PairedComparison]) -> list[PairedComparison]:
    """The comparisons with ``holm_p``: the k-th smallest of m p-values times m - k + 1, never falling, at most 1."""
    tested = sorted((c.t_p, index) for index, c in enumerate(comparisons) if c.t_p is not None)
    corrected: dict[int, float] = {}
    highest = 0.0
    for rank, (p, index) in enumerate(tested):
        highest = min(max(highest, p * (len(tested) - rank)), 1.0)
        corrected[index] = highest
    return [replace(c, holm_p=corrected.get(index)) for index, c in enumerate(comparisons)]


def wilcoxon_floor(pairs: int) -> float:
    """The smallest p that Wilcoxon's test can give: every difference has the same sign."""
    return min(2.0 ** (1 - pairs), 1.0)
