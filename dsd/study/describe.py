"""The outcome of a study as a table and in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dsd.study.metric import Metric
from dsd.study.statistics import LEVEL, PairedComparison, wilcoxon_floor

if TYPE_CHECKING:
    from rich.table import Table


def table(comparisons: Sequence[PairedComparison], metric: Metric) -> Table:
    """A row a control and a row an arm: mean, standard deviation, difference to the control, tests."""
    from rich.table import Table

    several = len(comparisons) > 1
    made = Table(title=f"{metric.label[0].upper()}{metric.label[1:]} at the end, lower is better", title_justify="left")
    made.add_column("arm")
    for heading in ("seeds", "mean", "sd", "difference to control", "95% interval", "paired t, p"):
        made.add_column(heading, justify="right")
    if several:
        made.add_column("p, Holm", justify="right")
    made.add_column("Wilcoxon, p", justify="right")
    groups: dict[tuple, list[PairedComparison]] = {}
    for c in comparisons:
        groups.setdefault((c.iteration, c.pairs, c.control_mean, c.control_sd), []).append(c)
    lengths = len({c.iteration for c in comparisons}) > 1
    for (iteration, pairs, mean, sd), group in groups.items():
        where = f" at {iteration:,}" if lengths else ""
        made.add_row(f"control{where}", str(pairs), _number(mean), _number(sd))
        for c in group:
            made.add_row(*_row(c, several))
        made.add_section()
    return made


def _row(c: PairedComparison, several: bool) -> list[str]:
    row = [c.arm, str(c.pairs), _number(c.mean), _number(c.sd), _signed(c.difference)]
    row.append("" if c.low is None else f"{_signed(c.low)} to {_signed(c.high)}")
    return [*row, p_value(c.t_p), *([p_value(c.holm_p)] if several else []), p_value(c.wilcoxon_p)]


def sentence(c: PairedComparison, metric: Metric, comparisons: int) -> str:
    """What may be concluded about one arm, and what may not. ``comparisons`` is how many were made in all."""
    if c.pairs == 0:
        return f"{c.arm}: no seed is finished in this arm and in {c.control} with a finite error; nothing can be said."
    effect = _effect(c, metric)
    on_average = f"{effect[0].upper()}{effect[1:]} on average over {c.pairs} seeds"
    if c.pairs == 1:
        return f"{c.arm}: {effect} with the one seed there is. One seed says nothing about chance; run at least five."
    what = f"95% interval {_signed(c.low)} to {_signed(c.high)}, paired t-test {_p_is(c.t_p)}"
    if comparisons > 1:
        what += f", {p_value(c.holm_p)} after Holm's correction for {comparisons} comparisons"
    what += f", Wilcoxon {_p_is(c.wilcoxon_p)}"
    if wilcoxon_floor(c.pairs) > LEVEL:
        what += f", which cannot fall below {p_value(wilcoxon_floor(c.pairs))} with {c.pairs} seeds"
    if c.significant:
        kind = "improvement" if c.difference < 0 else "harm"
        text = f"{c.arm}: a significant {kind}. {on_average} ({what})."
        if c.wilcoxon_p >= LEVEL and wilcoxon_floor(c.pairs) <= LEVEL:
            text += " The rank test does not agree: look at the seeds one by one."
        return text
    text = f"{c.arm}: no significant effect. {on_average} ({what})."
    half = (c.high - c.low) / 2
    if c.t_p < LEVEL:
        text += " Alone it would pass as one; among several comparisons that is to be expected by chance."
    elif half > 0:
        text += f" These seeds would not show an effect smaller than about {_number(half)}{metric.unit}."
    return text


def missing(plan_seeds: int, comparisons: Sequence[PairedComparison]) -> list[str]:
    """Sentences about seeds that could not be compared."""
    return [
        f"{c.arm}: {plan_seeds - c.pairs} of {plan_seeds} seeds are left out: not finished, or diverged (the error is"
        " not a finite number)." for c in comparisons if 0 < c.pairs < plan_seeds
    ]


def _effect(c: PairedComparison, metric: Metric) -> str:
    if not c.difference:
        return f"the {metric.what} equals the control's ({_number(c.mean)})"
    direction = "lower" if c.difference < 0 else "higher"
    return (f"the {metric.what} is {_number(abs(c.difference))}{metric.unit} {direction} than the control's"
            f" ({_number(c.mean)} against {_number(c.control_mean)})")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}" if abs(value) < 100 else f"{value:.1f}"


def _signed(value: float | None) -> str:
    return "" if value is None else f"{value:+.3g}"


def _p_is(value: float) -> str:
    return f"p {p_value(value)}" if value < 1e-4 else f"p = {p_value(value)}"


def p_value(value: float | None) -> str:
    """Two digits of a probability; nothing for None."""
    return "" if value is None else "< 0.0001" if value < 1e-4 else f"{value:.2g}"
