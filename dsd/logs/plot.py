"""Curves of logs, as Caffe's plot_training_log.py draws them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from dsd.logs.tables import Row, Tables
from dsd.plotting import load_matplotlib
from netdef.errors import NetdefError, did_you_mean


@dataclass(frozen=True)
class Chart:
    """Which table (``train`` or ``test``), what of it, against ``NumIters`` or ``Seconds``."""

    table: str
    value: str
    against: str

    @property
    def title(self) -> str:
        value = "learning rate" if self.value == "LearningRate" else self.value
        return f"{self.table.capitalize()} {value} vs. {'Iters' if self.against == 'NumIters' else 'Seconds'}"


# By the original's numbers.
CHARTS = tuple(
    Chart(table, value, against)
    for table, value in (("test", "accuracy"), ("test", "loss"), ("train", "LearningRate"), ("train", "loss"))
    for against in ("NumIters", "Seconds")
)


def points(tables: Tables, chart: Chart, name: str) -> tuple[list[float], list[float]]:
    """The curve that a chart shows of a log. Raises `NetdefError` where the log, called ``name``, does not have it."""
    rows: list[Row] = getattr(tables, chart.table)
    found = [row for row in rows if chart.value in row]
    if not found:
        known = list(dict.fromkeys(column for row in rows for column in row if column not in ("NumIters", "Seconds")))
        has = f"; it has {', '.join(known)}" if known else f", nor any other from its {chart.table} net"
        raise NetdefError(f"{name}: has no `{chart.value}`{did_you_mean(chart.value, known)}{has}")
    return [row[chart.against] for row in found], [row[chart.value] for row in found]


def plot(curves: Sequence[tuple[str, list[float], list[float]]], chart: Chart, kind: str) -> bytes:
    """The curves (name, x, y) as a picture of a kind that matplotlib writes: png, svg, pdf."""
    load_matplotlib()
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    for name, x, y in curves:
        axes.plot(x, y, label=name, marker="o" if len(x) < 30 else None, markersize=3, linewidth=1)
    axes.set(xlabel="iterations" if chart.against == "NumIters" else "seconds", title=chart.title)
    axes.set_ylabel("learning rate" if chart.value == "LearningRate" else chart.value)
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")
    target = io.BytesIO()
    if kind not in figure.canvas.get_supported_filetypes():
        raise NetdefError(f"pictures cannot be written as `{kind}`; .png, .svg and .pdf can")
    figure.savefig(target, format=kind, dpi=150)
    return target.getvalue()
