"""The curves of a run: accuracy above, losses below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dsd.display.plotting import LIGHT, PhaseSpan, curve_label, new_figure, series, shade_phases
from dsd.report.run_metrics import RunMetrics

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Curve = list[tuple[int, float]]
"""Points, as (iteration, value)."""


def scores(run: RunMetrics) -> tuple[dict[str, Curve], dict[str, Curve]]:
    """Test outputs as curves: accuracies in percent, and all others. Lists are left out."""
    accuracies: dict[str, Curve] = {}
    others: dict[str, Curve] = {}
    tests = run.of("test")
    several = any(len(event["outputs"]) > 1 for event in tests)
    for event in tests:
        for index, outputs in enumerate(event["outputs"]):
            for name, value in outputs.items():
                if isinstance(value, (int, float)):
                    label = f"test net {index}: {name}" if several else f"test {name}"
                    accuracy = name.lower().startswith("acc")
                    (accuracies if accuracy else others).setdefault(label, []).append(
                        (event["iteration"], 100 * value if accuracy else value))
    return accuracies, others


def training_loss(run: RunMetrics) -> Curve:
    """The displayed losses and those at the ends of phases; none for a run that displays none."""
    if not run.of("train"):
        return []
    return [(e["iteration"], e["loss"]) for e in run.events if e["event"] in ("train", "phase_end")]


def curves(run: RunMetrics) -> Figure | None:
    """Accuracy above, losses below, the sparse phases shaded; None while nothing is measured."""
    accuracies, others = scores(run)
    losses = {"training loss": training_loss(run), **others}
    losses = {label: points for label, points in losses.items() if points}
    panels = [(curves, label) for curves, label in ((accuracies, "accuracy (%)"), (losses, "loss")) if curves]
    if not panels:
        return None
    figure = new_figure(10, 2.7 * len(panels) + 0.5)
    grid = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
    number = 0
    for axes, (found, label) in zip(grid, panels):
        shade_phases(axes, run.phases, named=axes is grid[0])
        for name, points in found.items():
            colour, style = series(number)
            tested = name != "training loss"
            axes.plot(*zip(*points), color=LIGHT["grey"] if not tested else colour, ls=style if tested else "-",
                      lw=1.7 if tested else 1.2, marker="o" if tested and len(points) <= 120 else None, markersize=3.2,
                      label=curve_label(name, points), zorder=3 if tested else 2)
            number += tested
        axes.set_ylabel(label)
        axes.grid(axis="y")
        if label == "loss" and _spread([y for points in found.values() for _, y in points]) > 30:
            _logarithmic(axes)
            axes.set_ylabel("loss, logarithmic")
        elif label != "loss":
            axes.set_ylim(*_late(found, run.phases))
        axes.legend(loc="best", ncols=3)
    grid[-1].set_xlabel("iteration")
    grid[-1].locator_params(axis="x", integer=True)
    grid[-1].set_xlim(run.phases[0].start, max(run.phases[-1].end, 1))
    return figure


def _logarithmic(axes: Axes) -> None:
    """Set a logarithmic axis with plain numbers at 1, 2 and 5; matplotlib's own labels are formulas."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())


def _spread(values: Sequence[float]) -> float:
    values = [value for value in values if math.isfinite(value)]
    low, high = min(values, default=0.0), max(values, default=0.0)
    return high / low if low > 0 else 1.0


def _late(found: dict[str, Curve], phases: Sequence[PhaseSpan]) -> tuple[float, float]:
    """Limits of the accuracies after the first tenth of the run; those of an untrained net are far below all others."""
    since = phases[0].start + (phases[-1].end - phases[0].start) / 10
    finite = [(x, y) for points in found.values() for x, y in points if math.isfinite(y)]
    values = [y for x, y in finite if x >= since] or [y for _, y in finite] or [0.0]
    low, high = min(values), max(values)
    room = max((high - low) * 0.1, 0.4)
    return max(low - room, 0.0), min(high + room, 100 + room / 3)
