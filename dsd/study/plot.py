"""The pictures of a study: error against iteration, and differences seed by seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dsd.display.plotting import LIGHT, LineStyle, PhaseSpan, drawing, encode, new_figure, series, shade_phases
from dsd.study.describe import comparison_name
from dsd.study.recorded_study import RecordedStudy, When
from netdef.files import atomic_write

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def write_pictures(study: RecordedStudy, stem: Path) -> list[Path]:
    """Write ``<stem>.png`` and ``<stem>.svg``, the curves of the study; nothing while no run has a finite error.

    Raises `FileError` when a file cannot be written.
    """
    written: list[Path] = []
    with drawing():
        figure = curves_figure(study)
        if figure is None:
            return written
        for kind in ("png", "svg"):
            path = stem.with_name(f"{stem.name}.{kind}")
            with atomic_write(path) as file:
                file.write(encode(figure, kind))
            written.append(path)
    return written


def styles(study: RecordedStudy) -> dict[str, tuple[str, LineStyle]]:
    """{arm: colour and line style}, for all pictures of the study; controls are grey."""
    found: dict[str, tuple[str, LineStyle]] = {}
    number = 0
    for name in study.arms:
        if study.is_control(name):
            found[name] = (LIGHT["grey"], (0, (3, 1.5)))
        else:
            found[name] = series(number)
            number += 1
    return found


def curves_figure(study: RecordedStudy) -> Figure | None:
    """The mean error of each arm, with a band from its best seed to its worst; None while there is none."""
    means = study.means()
    if not means:
        return None
    figure = new_figure(10, 4)
    axes = figure.subplots()
    phases = study.longest
    shade_phases(axes, phases)
    drawn: list[dict[When, float]] = []
    for name, curve in means.items():
        # Arms are one curve until they part, so each is drawn from there.
        parted = max((_last_common(curve, other) for other in drawn), default=0)
        drawn.append(curve)
        whole = bool(study.final(name))
        label = name if whole else f"{name}, not finite at its end"
        _draw_curve(axes, label, list(curve.items())[parted:], study.spread(name), styles(study)[name], whole)
    axes.set_ylim(*_limits(study, phases))
    axes.locator_params(axis="x", integer=True)
    axes.set_xlim(0, phases[-1].end)
    axes.set_xlabel("iteration")
    axes.set_ylabel(study.metric.label)
    axes.grid(axis="y")
    figure.legend(loc="outside lower center", ncols=5)
    return figure


def differences_figure(study: RecordedStudy) -> Figure | None:
    """Each arm's errors minus its control's: a row for each arm, a dot for each seed; None while there is none."""
    found = []
    for comparison in study.comparisons:
        own, control = study.final(comparison.arm), study.at(comparison.control, comparison.iteration)
        differences = [own[seed] - control[seed] for seed in own if seed in control]
        if differences and comparison.difference is not None:
            found.append((comparison, comparison.difference, differences))
    if not found:
        return None
    figure = new_figure(10, 0.55 * len(found) + 0.9)
    axes = figure.subplots()
    axes.axvline(0, color=LIGHT["grey"], lw=1)
    for row, (comparison, mean, differences) in enumerate(found):
        colour, _ = styles(study)[comparison.arm]
        if comparison.low is not None and comparison.high is not None:
            axes.barh(row, comparison.high - comparison.low, left=comparison.low, height=0.5, color=colour, alpha=0.18)
        axes.plot([mean] * 2, [row - 0.25, row + 0.25], color=colour, lw=2)
        axes.plot(differences, [row] * len(differences), "o", markersize=5, color=colour, alpha=0.75)
    axes.set_yticks(range(len(found)), [comparison_name(c, study.comparisons) for c, *_ in found])
    axes.set_ylim(len(found) - 0.5, -0.5)
    axes.use_sticky_edges = False  # else an interval that ends the axis has no room beside it
    axes.margins(x=0.03)
    axes.tick_params(axis="y", length=0, labelcolor=LIGHT["ink"])
    axes.set_xlabel(f"difference to the control{', points' if study.metric.accuracy else ''}")
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)
    return figure


def _draw_curve(
    axes: Axes, name: str, points: Sequence[tuple[When, float]], spread: Mapping[When, Sequence[float]],
    style: tuple[str, LineStyle], whole: bool,
) -> None:
    colour, line = style
    iterations, means = [iteration for (iteration, _), _ in points], [mean for _, mean in points]
    axes.plot(iterations, means, color=colour, ls=line, lw=1.8, label=name, marker="o", markersize=3, zorder=3)
    if whole:  # its last point may lie on the edge
        axes.plot(iterations[-1:], means[-1:], "o", color=colour, markersize=4.5, clip_on=False, zorder=4)
    if max(map(len, spread.values())) > 1:
        errors = [spread[when] for when, _ in points]
        axes.fill_between(iterations, [min(e) for e in errors], [max(e) for e in errors], color=colour, alpha=0.15, lw=0,
                          zorder=2)


def _last_common(curve: Mapping[When, float], other: Mapping[When, float]) -> int:
    """Index of the last point up to which two curves are the same; all but the last when they never part."""
    parted = next((n for n, (when, mean) in enumerate(curve.items()) if other.get(when) != mean), len(curve))
    return max(parted - 1, 0)


def _limits(study: RecordedStudy, phases: Sequence[PhaseSpan]) -> tuple[float, float]:
    """Limits of the errors after half of the first dense phase, without those of a net just pruned.

    The errors of an untrained net, or of one just pruned, are many times larger than all others.
    """
    since = next((phase.start for phase in phases if phase.sparse), 0) / 2
    points = [(when, error) for name in study.arms for when, errors in study.spread(name).items() for error in errors]
    late = [error for (iteration, again), error in points if iteration >= since and not again]
    shown = late or [error for _, error in points]
    low, high = min(shown), max(shown)
    room = (high - low) * 0.08 or abs(high) * 0.05 or 0.5
    return (max(low - room, 0.0) if low >= 0 else low - room), high + room
