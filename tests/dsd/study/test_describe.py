"""The result of a study in sentences and as a table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dsd.study.describe import missing, sentence, table
from dsd.study.metric import Metric
from dsd.study.statistics import PairedComparison, compare, holm

ACCURACY = Metric("accuracy", True)


def with_p(arm: str, p: float | None, difference: float = -1.0, sd: float = 1.0) -> PairedComparison:
    half = sd / 2
    return PairedComparison(
        arm, "control", 9, 6, 4.0, sd, 5.0, sd, difference, difference - half, difference + half, p, p)


def said(*comparisons: PairedComparison) -> str:
    """The sentence about the first of some comparisons."""
    corrected = holm(comparisons)
    return sentence(corrected[0], ACCURACY, corrected)


def test_significant_effects():
    assert said(with_p("dsd", 0.01)) == (
        "dsd: a significant improvement. The test error is 1.00 points lower than the control's (4.00 against 5.00) on"
        " average over 6 seeds (95% interval -1.50 to -0.50, paired t-test p = 0.01, Wilcoxon p = 0.01).")
    assert "a significant harm. The test error is 2.00 points higher" in said(with_p("dsd", 0.01, 2.0))
    assert "p < 0.0001" in said(with_p("a", 1e-6))


def test_no_significant_effect():
    text = said(with_p("dsd", 0.4))
    assert text.startswith("dsd: no significant effect.")
    assert text.endswith("These seeds would not show an effect smaller than about 0.50 points.") and "Holm" not in text


def test_several_comparisons_are_corrected():
    text = said(with_p("dsd", 0.03), with_p("carry", 0.5))
    assert "no significant effect" in text and "0.06 after Holm's correction for 2 comparisons" in text
    assert "to be expected by chance" in text


def test_an_arm_with_several_controls_is_named_with_them():
    tuned = replace(with_p("dsd", 0.5), control="tuned")
    text = said(tuned, with_p("dsd", 0.01), with_p("carry", 0.6))
    assert text.startswith("dsd against tuned: no significant effect.")
    assert said(with_p("carry", 0.6), tuned, with_p("dsd", 0.01)).startswith("carry: no")


def test_one_seed_and_no_seed():
    assert said(compare("a", "b", 1, [1.0], [3.0])) == (
        "a: the test error is 2.00 points lower than the control's (1.00 against 3.00) with the one seed there is. One seed"
        " says nothing about chance; run at least five.")
    assert said(compare("a", "b", 1, [], [])).endswith("nothing can be said.")
    assert "equals the control's (2.00)" in said(compare("a", "b", 1, [2.0], [2.0]))


def test_seeds_left_out():
    (text,) = missing(8, [with_p("dsd", 0.4), replace(with_p("carry", 0.4), pairs=8)])
    assert text.startswith("dsd: 2 of 8 seeds are left out")


def test_the_table_has_each_control_once():
    made = table([with_p("dsd", 0.4), with_p("carry", 0.3)], ACCURACY)
    assert [row[0] for row in made.rows] == ["control", "dsd", "carry"]
    assert [row[2] for row in made.rows] == ["5.00", "4.00", "4.00"] and made.breaks == {0}
    assert all(len(row) == len(made.headings) for row in made.rows)


@pytest.mark.parametrize("means, sd, shown", [
    ((10.93, 10.99, 10.83), 0.1, ["10.99", "10.93", "0.10", "10.83", "0.10"]),
    ((10.93, 10.99, 10.83), 2.3, ["11.0", "10.9", "2.3", "10.8", "2.3"]),
    ((0.01234, 0.01256, 0.01199), 0.00012, ["0.01256", "0.01234", "0.00012", "0.01199", "0.00012"]),
    ((123456.7, 123499.9, 123400.1), 40.0, ["123500", "123457", "40", "123400", "40"]),
])
def test_digits_follow_the_spread(means, sd, shown):
    own, control, other = means
    half = 2 * sd  # an interval wider than the spread decides nothing
    made = table([
        PairedComparison(arm, "control", 9, 6, mean, sd, control, sd, mean - control, mean - control - half,
                         mean - control + half, 0.4, 0.4) for arm, mean in (("dsd", own), ("carry", other))], ACCURACY)
    assert [made.rows[0][2], *made.rows[1][2:4], *made.rows[2][2:4]] == shown


def test_digits_follow_the_spread_of_the_differences():
    """Pairs that differ by nearly the same: their interval is narrower than the spread over seeds."""
    c = PairedComparison("dsd", "control", 9, 6, 10.0, 1.0, 10.1, 1.0, -0.1, -0.112, -0.088, 0.01, 0.01)
    assert table([c], ACCURACY).rows[1][4:6] == ["-0.100", "-0.112 to -0.088"]
