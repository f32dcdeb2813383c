"""The curves of a scan as a picture."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsd.display.plotting import DASHED, LIGHT, drawing, encode, new_figure, series
from netdef.files import atomic_write

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from dsd.scan.scan import Scan


def plot_scan(scan: Scan, paths: Iterable[Path]) -> None:
    """Draw a scan into files, in the formats of their endings: .png, .svg."""
    with drawing():
        figure = scan_figure(scan)
        for path in paths:
            with atomic_write(path) as file:
                file.write(encode(figure, path.suffix[1:]))


def scan_figure(scan: Scan) -> Figure:
    """Score against sparsity, a line for each layer. The dashed line is the allowed loss, a ring marks a proposal."""
    figure = new_figure(10, 4.5)
    axes = figure.subplots()
    ring: dict[str, Any] = {"marker": "o", "markersize": 9, "fillstyle": "none", "linestyle": "none"}
    for number, curve in enumerate(scan.curves):
        colour, style = series(number)
        axes.plot((0, *scan.sparsities), (scan.dense, *curve.scores), marker="o", markersize=3, color=colour,
                  linestyle=style, label=f"{curve.layer} ({curve.weights:,})")
        if curve.layer in scan.proposed:
            at = scan.proposed[curve.layer]
            axes.plot(at, curve.scores[scan.sparsities.index(at)], color=colour, **ring)
    sign = -1 if scan.score.higher_is_better else 1
    axes.axhline(scan.dense + sign * scan.allowed, color=LIGHT["grey"], linestyle=DASHED, linewidth=1,
                 label=f"{scan.allowed:g} worse than dense")
    if scan.proposed:
        axes.plot([], [], color=LIGHT["grey"], label="proposed", **ring)
    axes.set(xlabel="sparsity of the one pruned layer", ylabel=f"test {scan.score.blob}", xlim=(0, 1))
    axes.set_title("Pruned without retraining, one layer at a time")
    axes.grid(axis="y")
    axes.legend(title="layer (weights)", ncols=1 + len(scan.curves) // 16, loc="center left", bbox_to_anchor=(1.01, 0.5))
    return figure
