"""The curves of a scan as a picture."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from dsd.plotting import load_matplotlib
from netdef.files import atomic_write

if TYPE_CHECKING:
    from dsd.scan.scan import Scan


def plot_scan(scan: Scan, paths: Iterable[Path]) -> None:
    """Score against sparsity, a line a layer, to files whose endings say what they are (.png, .svg).

    The dashed line is the allowed loss, a ring marks what is proposed.
    """
    load_matplotlib()
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    colours = _colours(len(scan.curves))
    for curve, colour in zip(scan.curves, colours):
        axes.plot((0, *scan.sparsities), (scan.dense, *curve.scores), marker="o", markersize=3, color=colour,
                  label=f"{curve.layer} ({curve.weights:,})")
        if curve.layer in scan.proposed:
            at = scan.proposed[curve.layer]
            axes.plot(at, curve.scores[scan.sparsities.index(at)], "o", markersize=9, fillstyle="none", color=colour)
    sign = -1 if scan.score.higher_is_better else 1
    axes.axhline(scan.dense + sign * scan.allowed, color="grey", linestyle="--", linewidth=1,
                 label=f"{scan.allowed:g} worse than dense")
    if scan.proposed:
        axes.plot([], [], "o", markersize=9, fillstyle="none", color="grey", label="proposed")
    axes.set(xlabel="sparsity of the one pruned layer", ylabel=f"test {scan.score.blob}", xlim=(0, 1))
    axes.set_title("Pruned without retraining, one layer at a time", fontsize="medium")
    axes.grid(alpha=0.3)
    axes.legend(title="layer (weights)", fontsize="small", ncols=1 + len(scan.curves) // 16, loc="center left",
                bbox_to_anchor=(1.01, 0.5))
    for path in paths:
        with atomic_write(path) as file:
            figure.savefig(file, format=path.suffix[1:], dpi=150)


def _colours(count: int) -> list:
    """Ten that are easily told apart; of more layers a scale from first to last."""
    from matplotlib import colormaps

    if count <= 10:
        return list(colormaps["tab10"].colors[:count])
    return [colormaps["viridis"](i / (count - 1)) for i in range(count)]
