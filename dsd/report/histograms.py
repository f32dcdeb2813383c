"""Histograms of a layer's weights at the borders of phases, as in Figure 2 of the DSD paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dsd.display.plotting import DASHED, LIGHT, new_figure
from dsd.report.run_metrics import Moment

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GROUPS = {  # how a group of weights is drawn and called
    "all": ("blue", "all weights"),
    "kept": ("blue", "kept by the mask"),
    "old": ("blue", "survivors: kept by the last mask"),
    "reborn": ("orange", "pruned by the last mask, free again"),
}
_BARS = 56  # at most, in a panel
_ROOM = 1.25  # height of the axis over the shared limit; a higher spike is cut off, its count written


def figure_two(moments: Sequence[Moment]) -> list[list[Moment]]:
    """The moments shown in the paper's Figure 2, in rows; each further sparse phase begins another row.

    They are the end of the phase before, the start and the end of the sparse phase, the start and the end of the next.
    """
    rows: list[list[Moment]] = [[]]
    pruned = False
    for moment in moments:
        sparse = moment.kept is not None
        starts_sparse = sparse and moment.which == "begin"
        if starts_sparse and pruned:
            rows.append([])
        pruned = pruned or sparse
        follows_sparse = rows[-1] and rows[-1][-1].kept is not None
        if sparse or moment.which == "end" or follows_sparse:
            rows[-1].append(moment)
    return [row for row in rows if row]


def histograms(layer: str, moments: Sequence[Moment]) -> Figure | None:
    """Figure 2 of one layer; all panels have the same bins and axes. None if there is nothing to show."""
    rows = figure_two(moments)
    shown = [moment for row in rows for moment in row]
    if not shown:
        return None
    exponent, low, high = _bins(shown)
    lead = next((i for i, moment in enumerate(rows[0]) if moment.kept is not None), 0)
    columns = max(len(row) + (lead if index else 0) for index, row in enumerate(rows))
    figure = new_figure(10, 2.15 * len(rows) + 0.35)
    grid = figure.subplots(len(rows), max(columns, 5), sharex=True, sharey=True, squeeze=False)
    top = _highest(rows, exponent)
    for index, row in enumerate(rows):
        before = lead if index else 0
        for column, axes in enumerate(grid[index]):
            number = column - before
            if not 0 <= number < len(row):
                axes.set_visible(False)
                continue
            _panel(axes, row[number], exponent, top)
            axes.tick_params(labelbottom=True)
    grid[0][0].set_ylabel("weights")
    grid[0][0].set_xlim(low, high)
    grid[0][0].set_ylim(0, top * _ROOM)
    grid[0][0].locator_params(axis="x", nbins=4)
    names = dict.fromkeys(name for moment in shown for name in moment.groups)
    if "reborn" in names:
        from matplotlib.patches import Patch

        keys = [Patch(color=LIGHT["blue"], label=GROUPS["old"][1]),
                Patch(color=LIGHT["orange"], label=GROUPS["reborn"][1])]
        figure.legend(handles=keys, loc="outside lower center", ncols=2)
    return figure


def _panel(axes: Axes, moment: Moment, exponent: int, top: float) -> None:
    width = 2.0**exponent
    stacked: Counter[int] = Counter()  # heights of the bars so far, by number of the bin
    notes: list[str] = []
    for name, histogram in moment.groups.items():
        coarse = histogram.coarser(exponent)
        numbers = range(coarse.first, coarse.first + len(coarse.counts))
        colour = LIGHT[GROUPS[name][0]]
        axes.bar([(n + 0.5) * width for n in numbers], coarse.counts, width, [stacked[n] for n in numbers],
                 color=colour, lw=0)
        stacked.update(dict(zip(numbers, coarse.counts)))
        if histogram.zeros and (name == "reborn" or histogram.zeros > 1):
            axes.plot([0, 0], [0, min(histogram.zeros, top * _ROOM)], color=colour, lw=2.2, solid_capstyle="butt")
            notes.append(f"{histogram.zeros:,} at zero")
    if moment.kept is not None:
        notes.insert(0, f"{moment.weights - moment.kept:,} pruned")
    if (highest := max(stacked.values(), default=0)) > _ROOM * top:
        notes.append(f"bar up to {highest:,}")
    axes.annotate("\n".join(notes), (1, 1), xycoords="axes fraction", ha="right", va="top", color=LIGHT["soft"],
                  fontsize=8, zorder=4, bbox={"facecolor": LIGHT["page"], "alpha": 0.8, "lw": 0, "pad": 1})
    if moment.threshold:
        for edge in (-moment.threshold, moment.threshold):
            axes.axvline(edge, ymax=0.8, color=LIGHT["grey"], lw=0.7, ls=DASHED)
    axes.grid(axis="y")
    axes.set_title(moment.title, fontsize=9)


def _bins(moments: Sequence[Moment]) -> tuple[int, float, float]:
    """Exponent of the bin width, and the range shown: all but one weight in a thousand on either side."""
    low = min(_quantile(moment, 0.001) for moment in moments)
    high = max(_quantile(moment, 0.999) for moment in moments)
    reach = max(-low, high) or 1.0
    exponent = max((g.exponent for m in moments for g in m.groups.values() if g.counts), default=0)
    while 2 * reach / 2.0**exponent > _BARS:
        exponent += 1
    return exponent, -reach * 1.04, reach * 1.04


def _quantile(moment: Moment, share: float) -> float:
    """The outer edge of the bin at a quantile of the weights."""
    pieces = sorted(
        ((group.first + i) * group.width, group.width, count)
        for group in moment.groups.values() for i, count in enumerate(group.counts))
    total, seen = sum(count for *_, count in pieces), 0
    for left, width, count in pieces:
        seen += count
        if seen >= share * total and count:
            return left if share < 0.5 else left + width
    return 0.0


def _highest(rows: Sequence[Sequence[Moment]], exponent: int) -> float:
    """Shared y limit: the highest bar before pruned weights are free again, as their spike at zero would flatten the rest."""
    moments = [m for m in rows[0] if "reborn" not in m.groups] or [m for row in rows for m in row]
    heights = [1]
    for moment in moments:
        sums: Counter[int] = Counter()
        for group in moment.groups.values():
            coarse = group.coarser(exponent)
            sums.update(dict(enumerate(coarse.counts, coarse.first)))
        heights += sums.values()
    return max(heights)
