"""The pictures of one run: curves, what each layer kept, and the histograms of the paper's Figure 2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dsd.report.run import Moment, Run, Span
from dsd.report.theme import LIGHT, new_figure, series

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GROUPS = {  # how a group of weights is drawn and called
    "all": ("blue", "all weights"),
    "kept": ("blue", "kept by the mask"),
    "old": ("blue", "survivors: kept by the last mask"),
    "reborn": ("orange", "pruned by the last mask, free again"),
}
_BARS = 56  # about as many in a panel
_ROOM = 1.25  # the axis above the highest usual bar, for words; a spike beyond it is cut off and its count written


def shade(axes: Axes, phases: Sequence[Span], named: bool) -> None:
    """Tint the sparse phases, mark where phases begin, and name them."""
    width = phases[-1].end - phases[0].start
    for index, phase in enumerate(phases):
        if phase.sparse:
            axes.axvspan(phase.start, phase.end, color=LIGHT["tint"], lw=0, zorder=0)
        if index:
            axes.axvline(phase.start, color=LIGHT["grey"], lw=0.7, ls=(0, (2, 2)), zorder=1)
        if named and phase.end > phase.start:
            share = f" {100 * phase.sparsity:.3g}%" if phase.sparsity is not None else ""
            room = (phase.end - phase.start) / max(width, 1) / 0.0078  # letters
            text = phase.name if room < len(phase.name + share) else phase.name + share
            up = 3 + 11 * (index % 2 and room < len(phase.name))
            axes.annotate(text, ((phase.start + phase.end) / 2, 1), xycoords=("data", "axes fraction"), xytext=(0, up),
                          textcoords="offset points", ha="center", va="bottom", color=LIGHT["soft"], fontsize=9)


def scores(run: Run) -> tuple[dict[str, list[tuple[int, float]]], dict[str, list[tuple[int, float]]]]:
    """Test outputs of one number as curves: accuracies in percent, and all others. What was not finite is left out."""
    accuracies: dict[str, list[tuple[int, float]]] = {}
    others: dict[str, list[tuple[int, float]]] = {}
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


def training_loss(run: Run) -> list[tuple[int, float]]:
    """The displayed losses that were finite."""
    return [(e["iteration"], e["loss"]) for e in run.of("train") if e["loss"] is not None]


def curves(run: Run) -> Figure | None:
    """Accuracy above, losses below, over iterations with the sparse phases shaded. None while nothing is measured."""
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
        shade(axes, run.phases, named=axes is grid[0])
        for name, points in found.items():
            colour, style = series(number)
            tested = name != "training loss"
            axes.plot(*zip(*points), color=LIGHT["grey"] if not tested else colour, ls=style if tested else "-",
                      lw=1.7 if tested else 1.2, marker="o" if tested and len(points) <= 120 else None, markersize=3.2,
                      label=name, zorder=3 if tested else 2)
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
    grid[-1].xaxis.get_major_locator().set_params(integer=True)
    grid[-1].set_xlim(run.phases[0].start, max(run.phases[-1].end, 1))
    return figure


def kept_bars(run: Run) -> Figure | None:
    """A column a sparse phase, a bar a layer: how much is kept, of how many. None before anything is pruned."""
    found: dict[Span, dict[str, Moment]] = {}
    for layer, moments in run.layers.items():
        for moment in moments:
            if moment.kept is not None:
                found.setdefault(moment.phase, {})[layer] = moment
    if not found:
        return None
    layers = list(run.layers)
    figure = new_figure(10, 0.3 * len(layers) + 1.1)
    grid = figure.subplots(1, len(found), sharey=True, squeeze=False)[0]
    for axes, (phase, moments) in zip(grid, found.items()):
        for row, layer in enumerate(layers):
            moment = moments.get(layer)
            total = moment.weights if moment else run.layers[layer][0].weights
            kept = moment.kept if moment else total
            share = 100 * kept / max(total, 1)
            axes.barh(row, share, height=0.66, color=LIGHT["blue"])
            axes.barh(row, 100 - share, left=share, height=0.66, color=LIGHT["pruned"], edgecolor=LIGHT["orange"],
                      lw=0.5, hatch="////")
            axes.annotate(f"{kept:,} of {total:,}", (100, row), xytext=(5, 0), textcoords="offset points",
                          va="center", color=LIGHT["ink"], fontsize=8.5, annotation_clip=False)
        axes.set_title(phase.name)
        axes.set_xlim(0, 100)
        axes.set_xlabel("weights kept (%); hatched: pruned")
        axes.set_yticks(range(len(layers)), layers)
        axes.tick_params(axis="y", length=0, labelcolor=LIGHT["ink"])
        axes.set_ylim(len(layers) - 0.5, -0.5)
        axes.spines["left"].set_visible(False)
    return figure


def figure_two(moments: Sequence[Moment]) -> list[list[Moment]]:
    """The moments that the paper's Figure 2 shows, in rows: the end of what came before, the pruned weights, the end of
    the sparse phase, the start and the end of the next dense one. A further sparse phase begins another row."""
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
    """Figure 2 of one layer; all panels have the same bins and axes. None where there is nothing to show."""
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
    beneath: dict[int, int] = {}
    said: list[str] = []
    for name, histogram in moment.groups.items():
        coarse = histogram.coarser(exponent)
        numbers = range(coarse.first, coarse.first + len(coarse.counts))
        colour = LIGHT[GROUPS[name][0]]
        axes.bar([(n + 0.5) * width for n in numbers], coarse.counts, width, [beneath.get(n, 0) for n in numbers],
                 color=colour, lw=0)
        beneath = {n: beneath.get(n, 0) + count for n, count in zip(numbers, coarse.counts)} | {
            n: count for n, count in beneath.items() if n not in numbers}
        if histogram.zeros and (name == "reborn" or histogram.zeros > 1):
            axes.plot([0, 0], [0, min(histogram.zeros, top * _ROOM)], color=colour, lw=2.2, solid_capstyle="butt")
            said.append(f"{histogram.zeros:,} at zero")
    if moment.kept is not None:
        said.insert(0, f"{moment.weights - moment.kept:,} pruned")
    if (highest := max(beneath.values(), default=0)) > _ROOM * top:
        said.append(f"bar up to {highest:,}")
    axes.annotate("\n".join(said), (1, 1), xycoords="axes fraction", ha="right", va="top", color=LIGHT["soft"],
                  fontsize=8, zorder=4, bbox={"facecolor": LIGHT["page"], "alpha": 0.8, "lw": 0, "pad": 1})
    if moment.threshold:
        for edge in (-moment.threshold, moment.threshold):
            axes.axvline(edge, ymax=0.8, color=LIGHT["grey"], lw=0.7, ls=(0, (2, 2)))
    axes.grid(axis="y")
    axes.set_title(moment.title, fontsize=9)


def _bins(moments: Sequence[Moment]) -> tuple[int, float, float]:
    """Exponent of the bins' width and the range that is shown: all but one weight in a thousand on either side."""
    low = min(_quantile(moment, 0.001) for moment in moments)
    high = max(_quantile(moment, 0.999) for moment in moments)
    reach = max(-low, high) or 1.0
    exponent = max((g.exponent for m in moments for g in m.groups.values() if g.counts), default=0)
    while 2 * reach / 2.0**exponent > _BARS:
        exponent += 1
    return exponent, -reach * 1.04, reach * 1.04


def _quantile(moment: Moment, share: float) -> float:
    """The edge of the bin, outwards, that a share of a moment's weights lies below."""
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
    """The top of the common axis: the highest bar before anything grew again: spikes at zero would flatten the rest."""
    moments = [m for m in rows[0] if "reborn" not in m.groups] or [m for row in rows for m in row]
    heights = [1]
    for moment in moments:
        sums: dict[int, int] = {}
        for group in moment.groups.values():
            coarse = group.coarser(exponent)
            for number, count in enumerate(coarse.counts, coarse.first):
                sums[number] = sums.get(number, 0) + count
        heights += sums.values()
    return max(heights)


def _logarithmic(axes: Axes) -> None:
    """With plain numbers at 1, 2 and 5: matplotlib's own labels are formulas."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())


def _spread(values: Sequence[float]) -> float:
    low, high = min(values), max(values)
    return high / low if low > 0 else 1.0


def _late(found: dict[str, list[tuple[int, float]]], phases: Sequence[Span]) -> tuple[float, float]:
    """Limits for accuracies: what is seen after the first tenth; the untrained net's would press all else together."""
    since = phases[0].start + (phases[-1].end - phases[0].start) / 10
    values = [y for points in found.values() for x, y in points if x >= since]
    values = values or [y for points in found.values() for _, y in points]
    low, high = min(values), max(values)
    room = max((high - low) * 0.1, 0.4)
    return max(low - room, 0.0), min(high + room, 100 + room / 3)
