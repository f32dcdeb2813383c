"""Bars of the weights that each layer keeps in each sparse phase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsd.display.plotting import LIGHT, PhaseSpan, new_figure
from dsd.report.run_metrics import RunMetrics

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def kept_bars(run: RunMetrics) -> Figure | None:
    """A column for each sparse phase, a bar for each layer; None before anything is pruned."""
    found: dict[PhaseSpan, dict[str, int]] = {}
    for layer, moments in run.layers.items():
        for moment in moments:
            if moment.kept is not None:
                found.setdefault(moment.phase, {})[layer] = moment.kept
    if not found:
        return None
    layers = list(run.layers)
    figure = new_figure(10, 0.3 * len(layers) + 1.1)
    grid = figure.subplots(1, len(found), sharey=True, squeeze=False)[0]
    for axes, (phase, pruned) in zip(grid, found.items()):
        for row, layer in enumerate(layers):
            total = run.layers[layer][0].weights
            kept = pruned[layer] if layer in pruned else total
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
