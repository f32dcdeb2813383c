"""The result of a study as a table and in sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dsd.study.metric import Metric
from dsd.study.statistics import LEVEL, PairedComparison, wilcoxon_floor
from dsd.study.text_table import TextTable


def table(comparisons: Sequence[PairedComparison], metric: Metric) -> TextTable:
    """A row for each control and each arm: mean, standard deviation, difference to the control, tests."""
    several = len(comparisons) > 1
    headings = ["arm", "seeds", "mean", "sd", "difference to control", "95% interval", "paired t, p"]
    made = TextTable(f"{metric.label[0].upper()}{metric.label[1:]} at the end, lower is better",
                     [*headings, *(["p, Holm"] if several else []), "Wilcoxon, p"])
    digits = decimals(comparisons)
    groups: dict[tuple[object, ...], list[PairedComparison]] = {}
    for c in comparisons:
        groups.setdefault((c.control, c.iteration, c.pairs), []).append(c)
    several_lengths = len({c.iteration for c in comparisons}) > 1
    for group in groups.values():
        first = group[0]
        made.breaks.add(len(made.rows))
        where = f" at {first.iteration:,}" if several_lengths else ""
        control = [f"{first.control}{where}", str(first.pairs), _number(first.control_mean, digits),
                   _number(first.control_sd, digits)]
        made.rows.append([*control, *[""] * (len(made.headings) - len(control))])
        for c in group:
            interval = "" if c.low is None else f"{signed(c.low, digits)} to {signed(c.high, digits)}"
            row = [c.arm, str(c.pairs), _number(c.mean, digits), _number(c.sd, digits), signed(c.difference, digits)]
            made.rows.append([*row, interval, p_value(c.t_p), *([p_value(c.holm_p)] if several else []),
                              p_value(c.wilcoxon_p)])
    return made


def sentence(c: PairedComparison, metric: Metric, comparisons: Sequence[PairedComparison]) -> str:
    """The conclusion about one arm, in a sentence. ``comparisons`` are all of the study."""
    digits = decimals(comparisons)
    name = comparison_name(c, comparisons)
    if c.difference is None:
        return f"{name}: no seed is finished in this arm and in {c.control} with a finite error; nothing can be said."
    effect = _effect(c, metric, digits)
    if c.low is None or c.high is None or c.t_p is None or c.wilcoxon_p is None:  # a single pair
        return f"{name}: {effect} with the one seed there is. One seed says nothing about chance; run at least five."
    on_average = f"{effect[0].upper()}{effect[1:]} on average over {c.pairs} seeds ({_tests(c, len(comparisons), digits)})."
    if c.significant:
        text = f"{name}: a significant {'improvement' if c.difference < 0 else 'harm'}. {on_average}"
        if c.wilcoxon_p >= LEVEL and wilcoxon_floor(c.pairs) <= LEVEL:
            text += " The rank test does not agree: look at the seeds one by one."
        return text
    text = f"{name}: no significant effect. {on_average}"
    half = (c.high - c.low) / 2
    if c.t_p < LEVEL:
        text += " Alone it would be significant; among several comparisons one such is to be expected by chance."
    elif half > 0:
        text += f" These seeds would not show an effect smaller than about {_number(half, digits)}{metric.unit}."
    return text


def missing(plan_seeds: int, comparisons: Sequence[PairedComparison]) -> list[str]:
    """Sentences about seeds that could not be compared."""
    return [
        f"{comparison_name(c, comparisons)}: {plan_seeds - c.pairs} of {plan_seeds} seeds are left out: not finished, or"
        " diverged (the error is not a finite number)." for c in comparisons if 0 < c.pairs < plan_seeds
    ]


def comparison_name(c: PairedComparison, comparisons: Sequence[PairedComparison]) -> str:
    """The arm, and the control where the arm is compared with several."""
    several = sum(other.arm == c.arm for other in comparisons) > 1
    return f"{c.arm} against {c.control}" if several else c.arm


def _effect(c: PairedComparison, metric: Metric, digits: int) -> str:
    if not c.difference:
        return f"the {metric.what} equals the control's ({_number(c.mean, digits)})"
    direction = "lower" if c.difference < 0 else "higher"
    return (f"the {metric.what} is {_number(abs(c.difference), digits)}{metric.unit} {direction} than the control's"
            f" ({_number(c.mean, digits)} against {_number(c.control_mean, digits)})")


def _tests(c: PairedComparison, comparisons: int, digits: int) -> str:
    text = f"95% interval {signed(c.low, digits)} to {signed(c.high, digits)}, paired t-test {_p_is(c.t_p)}"
    if comparisons > 1:
        text += f", {p_value(c.holm_p)} after Holm's correction for {comparisons} comparisons"
    text += f", Wilcoxon {_p_is(c.wilcoxon_p)}"
    if wilcoxon_floor(c.pairs) > LEVEL:
        text += f", which cannot fall below {p_value(wilcoxon_floor(c.pairs))} with {c.pairs} seeds"
    return text


def decimals(comparisons: Sequence[PairedComparison]) -> int:
    """Decimals of all errors of a study: two digits of the smallest spread, of errors or of their differences.

    Without any spread, as with one seed, three digits of the largest mean.
    """
    largest = max((abs(mean) for c in comparisons for mean in (c.mean, c.control_mean) if mean), default=1.0)
    spreads = [sd for c in comparisons for sd in (c.sd, c.control_sd) if sd is not None]
    spreads += [(c.high - c.low) / 2 for c in comparisons if c.high is not None and c.low is not None]
    spreads = [spread for spread in spreads if spread > 1e-6 * largest]
    wanted = 1 - math.floor(math.log10(min(spreads))) if spreads else 2 - math.floor(math.log10(largest))
    return min(max(wanted, 0), 8)


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def signed(value: float | None, digits: int) -> str:
    """A difference with its sign and so many decimals; nothing for None."""
    return "" if value is None else f"{value:+.{digits}f}"


def _p_is(value: float | None) -> str:
    return f"p {p_value(value)}" if value is not None and value < 1e-4 else f"p = {p_value(value)}"


def p_value(value: float | None) -> str:
    """Two digits of a probability; nothing for None."""
    return "" if value is None else "< 0.0001" if value < 1e-4 else f"{value:.2g}"
