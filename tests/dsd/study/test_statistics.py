"""Statistics against numbers worked out by hand."""

from __future__ import annotations

import math

import pytest

from dsd.study.metric import Metric
from dsd.study.statistics import PairedComparison, compare, holm, wilcoxon_floor

ACCURACY = Metric("accuracy", True)


def p_with_three_degrees(t: float) -> float:
    """Two-sided p of Student's t with 3 degrees of freedom, from its closed form."""
    x = t / math.sqrt(3)
    return 1 - 2 / math.pi * (math.atan(x) + x / (1 + x * x))


def test_a_paired_comparison_by_hand():
    # Differences -1, -2, -3, -2: mean -2, squared deviations 1 + 0 + 1 + 0, so sd = sqrt(2/3) and its error sqrt(1/6).
    c = compare("dsd", "control", 12, [4, 6, 5, 7], [5, 8, 8, 9])
    assert (c.pairs, c.mean, c.control_mean, c.difference) == (4, 5.5, 7.5, -2.0)
    assert c.sd == pytest.approx(math.sqrt((2.25 + 0.25 + 0.25 + 2.25) / 3))
    half = 3.182446 * math.sqrt(1 / 6)  # the 97.5% quantile of t with 3 degrees of freedom, from a table
    assert (c.low, c.high) == (pytest.approx(-2 - half, abs=1e-5), pytest.approx(-2 + half, abs=1e-5))
    assert c.t_p == pytest.approx(p_with_three_degrees(2 / math.sqrt(1 / 6)), rel=1e-9)


def test_wilcoxon_counts_sign_patterns():
    # Ranks 1 to 5, all of one sign: 2 of the 32 patterns of signs are as extreme.
    assert compare("a", "b", 1, [1, 2, 3, 4, 5], [2, 4, 6, 8, 10]).wilcoxon_p == pytest.approx(2 / 32)
    assert wilcoxon_floor(5) == 2 / 32
    assert wilcoxon_floor(1) == 1


def accuracies(*wrong: float) -> list[float]:
    """Errors as a study reads them: accuracies over 297 images in seven digits; 0.1 is an error in the last of them."""
    return [ACCURACY.error({"accuracy": round(1 - int(w) / 297 + 1e-6 * (w % 1), 7)}) for w in wrong]


@pytest.mark.parametrize(("own", "other", "t_p", "rank_p"), [
    # One image fewer, more, fewer: ranks 2, 2, 2, and one sign in three is as even as can be. t = (1/3) / (2/3).
    ([15, 16, 14.1], [16, 15.1, 15], 1 - 0.5 / math.sqrt(2.25), 1.0),
    ([15, 14, 16, 18], [16.1, 15, 17.1, 19], 1 / 8, 1 / 8),  # one fewer in each: signs are all there is, 2 of 16
    ([15, 14.1, 16, 18], [15.1, 14, 16, 18.1], 1.0, 1.0),  # the same count in each
])
def test_equal_counts_of_wrong_answers_are_ties(own, other, t_p, rank_p):
    own, other = accuracies(*own), accuracies(*other)
    c = compare("dsd", "control", 1, own, other, ACCURACY.noise(own + other))
    assert (c.t_p, c.wilcoxon_p) == (pytest.approx(t_p, abs=1e-3), rank_p)


def test_seeds_that_cancel_out():
    """One, one and minus two images: the mean difference is 0, and not a third of the last digit."""
    own, other = accuracies(15, 16, 17), accuracies(14.1, 15.1, 19.1)
    c = compare("dsd", "control", 1, own, other, ACCURACY.noise(own + other))
    assert c.difference == 0 and c.low == -c.high


def test_noise_is_relative_for_losses():
    assert Metric("loss", False).noise([0.5, -4.0, 3.0]) == pytest.approx(4e-6)
    assert ACCURACY.noise([0.5]) == pytest.approx(1e-4)


@pytest.mark.parametrize(("own", "p"), [([1.0, 2.0, 3.0], 1.0), ([2.0, 3.0, 4.0], 0.25), ([1.1, 2.1, 3.1], 0.25)])
def test_equal_differences(own, p):
    c = compare("a", "b", 1, own, [1.0, 2.0, 3.0])
    assert c.t_p == p  # without spread the signs are all there is: 2 of 8 patterns
    assert (c.low, c.high) == (pytest.approx(c.difference), pytest.approx(c.difference))


def test_one_seed_and_no_seed():
    c = compare("a", "b", 1, [1.0], [3.0])
    assert (c.difference, c.low, c.t_p, c.significant) == (-2.0, None, None, False)
    assert compare("a", "b", 1, [], []).difference is None


def with_p(arm: str, p: float | None, difference: float = -1.0) -> PairedComparison:
    return PairedComparison(arm, "control", 9, 6, 4.0, 1.0, 5.0, 1.0, difference, difference - 0.5, difference + 0.5, p, p)


def test_holm_by_hand():
    # Sorted: 0.01 * 4, 0.02 * 3, 0.03 * 2 held at 0.06, 0.9.
    found = holm([with_p("a", 0.03), with_p("b", 0.9), with_p("c", 0.01), with_p("d", 0.02), with_p("e", None)])
    assert [c.holm_p for c in found] == [pytest.approx(x) if x else None for x in (0.06, 0.9, 0.04, 0.06, None)]
    assert [c.significant for c in found] == [False, False, True, False, False]


def test_holm_tells_comparisons_of_one_arm_apart():
    first, second = with_p("a", 0.03), with_p("a", 0.01)
    assert [c.holm_p for c in holm([first, second])] == [pytest.approx(0.03), pytest.approx(0.02)]
