"""Test error against iteration, the phases shaded, the spread over seeds as a band: PNG and SVG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from dsd.study.plan import Plan
from dsd.study.record import Results
from dsd.study.runs import Point
from netdef.files import atomic_write

# Okabe and Ito's colours, told apart by the colour-blind; the control is grey, and styles differ too.
_COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_STYLES = ("-", "--", "-.", (0, (5, 1, 1, 1, 1, 1)))
_CONTROL, _TINT = "#555555", "#ECE6D9"


def plot(plan: Plan, results: Results, stem: Path) -> list[Path]:
    """Write ``<stem>.png`` and ``<stem>.svg``: the mean over seeds of each arm, and from its smallest to its largest.

    Nothing is written while no run is finished with a finite error. Raises `FileError` when a file cannot be written.
    """
    curves = {name: curve for name in plan.arms if (curve := _curve(plan, results, name)) is not None}
    if not curves:
        return []
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.6, 4.4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    longest = max(plan.arms.values(), key=lambda phases: phases[-1].end)
    for phase in longest:
        where = (phase.start + phase.end) / 2
        tinted = _in_sparse(plan, phase.start, phase.end)
        if tinted:
            axes.axvspan(phase.start, phase.end, color=_TINT, lw=0, zorder=0)
        axes.annotate(
            phase.name, (where, 1), xycoords=("data", "axes fraction"), xytext=(0, -4), textcoords="offset points",
            ha="center", va="top", color="#6B6454", fontsize=9)
    number, drawn = 0, []
    for name, whole in curves.items():
        label = name
        if name in plan.controls:
            colour, style = _COLOURS[number % len(_COLOURS)], _STYLES[number // len(_COLOURS) % len(_STYLES)]
            number += 1
        else:
            colour, style = _CONTROL, (0, (2, 1.2))
            label = "control" if name == "control" else None  # a control of another length is one more stretch of it
        # Arms are one curve until they part, so each is drawn from there; its end is marked: it may be all that is left.
        parted = max((_common(whole, other) for other in drawn), default=0)
        iterations, errors = whole[0][parted:], whole[1][:, parted:]
        drawn.append(whole)
        mean = np.nanmean(errors, axis=0)
        dot = {"color": colour, "marker": "o", "markersize": 4.5, "zorder": 3}
        axes.plot(iterations, mean, linestyle=style, lw=1.8, label=label, markevery=[len(iterations) - 1], **dot)
        axes.plot(iterations[-1:], mean[-1:], clip_on=False, **dot)  # whole, at the edge too
        if len(errors) > 1:
            low, high = np.nanmin(errors, axis=0), np.nanmax(errors, axis=0)
            axes.fill_between(iterations, low, high, color=colour, alpha=0.16, lw=0, zorder=2)
    axes.set_xlim(0, longest[-1].end)
    axes.xaxis.get_major_locator().set_params(integer=True)
    pruned = {p.start for phases in plan.arms.values() for p in phases if p.sparse}
    axes.set_ylim(*_limits(list(curves.values()), min(pruned) / 2, pruned))
    axes.set_xlabel("iteration")
    axes.set_ylabel(plan.metric.label)
    seeds = len({seed for _, seed in results})
    title = "Mean of the seeds; bands from the best seed to the worst" if seeds > 1 else "One seed"
    axes.set_title(f"{title} (seeds: {seeds})" if seeds > 1 else title, fontsize=10, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#DDDDDD", lw=0.6, zorder=1)
    axes.set_axisbelow(True)
    # Below the axes, where no curve can be.
    figure.legend(loc="outside lower center", ncols=5, frameon=False)
    written = []
    for ending in ("png", "svg"):
        path = stem.with_name(f"{stem.name}.{ending}")
        with atomic_write(path) as file:
            figure.savefig(file, format=ending, dpi=160)
        written.append(path)
    return written


def _curve(plan: Plan, results: Results, name: str) -> tuple[np.ndarray, np.ndarray] | None:
    """Iterations, and the errors of all finished seeds, one a row; NaN where a seed has no finite error."""
    source, end = plan.sources[name], plan.arms[name][-1].end
    runs = [_up_to(end, results[source, seed].tests) for seed in plan.seeds if (source, seed) in results]
    runs = [tests for tests in runs if len(tests) == len(runs[0])]
    if not runs or not runs[0]:
        return None
    errors = [[plan.metric.error(test.outputs) for test in tests] for tests in runs]
    errors = np.array([[np.nan if e is None else e for e in row] for row in errors])
    seen = ~np.isnan(errors).all(axis=0)
    if not seen.any():
        return None
    return np.array([test.iteration for test in runs[0]])[seen], errors[:, seen]


def _up_to(end: int, tests: Sequence[Point]) -> list[Point]:
    """The tests of an arm that ends there; one under the masks of a phase after it is not its own."""
    before = [test for test in tests if test.iteration < end]
    return before + [test for test in tests if test.iteration == end][:1]


def _common(curve: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray]) -> int:
    """Index of the last point up to which two curves are the same in every seed; 0 if they never are."""
    if len(curve[1]) != len(other[1]):
        return 0
    count = min(len(curve[0]), len(other[0]))
    same = (curve[0][:count] == other[0][:count]) & (
        np.nan_to_num(curve[1][:, :count]) == np.nan_to_num(other[1][:, :count])).all(axis=0)
    return max(int(np.argmin(same)) if not same.all() else count, 1) - 1


def _in_sparse(plan: Plan, start: int, end: int) -> bool:
    """Whether any arm is sparse between two iterations."""
    return any(p.sparse and p.start < end and start < p.end for phases in plan.arms.values() for p in phases)


def _limits(curves: Sequence[tuple[np.ndarray, np.ndarray]], since: float, but: set[int]) -> tuple[float, float]:
    """What is seen from an iteration on, except at ``but``: the errors of an untrained net, or of one pruned just now,
    would press all else into a line."""
    late = np.concatenate(
        [errors[:, (iterations >= since) & ~np.isin(iterations, list(but))].ravel() for iterations, errors in curves])
    if not len(late):
        late = np.concatenate([errors.ravel() for _, errors in curves])
    low, high = float(np.nanmin(late)), float(np.nanmax(late))
    room = (high - low) * 0.08 or abs(high) * 0.05 or 1.0
    return max(low - room, 0.0) if low >= 0 else low - room, high + 2.2 * room  # room for the phases' names
