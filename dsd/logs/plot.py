"""Curves of logs, as Caffe's plot_training_log.py draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dsd.logs.tables import Row, Tables
from dsd.plotting import drawing, encode, new_figure, series
from netdef.errors import NetdefError, did_you_mean


@dataclass(frozen=True)
class Chart:
    """A column of a table (``train`` or ``test``) against another, ``NumIters`` or ``Seconds``."""

    table: str
    value: str
    against: str

    @property
    def title(self) -> str:
        """The title, as in the original."""
        value = "learning rate" if self.value == "LearningRate" else self.value
        return f"{self.table.capitalize()} {value} vs. {'Iters' if self.against == 'NumIters' else 'Seconds'}"


# By the original's numbers.
CHARTS = tuple(
    Chart(table, value, against)
    for table, value in (("test", "accuracy"), ("test", "loss"), ("train", "LearningRate"), ("train", "loss"))
    for against in ("NumIters", "Seconds")
)


def points(tables: Tables, chart: Chart, name: str) -> tuple[list[float], list[float]]:
    """The x and y of a chart. Raises `NetdefError` where the log, called ``name``, does not have them."""
    rows: list[Row] = getattr(tables, chart.table)
    found = [row for row in rows if chart.value in row]
    if not found:
        known = list(dict.fromkeys(column for row in rows for column in row if column not in ("NumIters", "Seconds")))
        has = f"; it has {', '.join(known)}" if known else f", nor any other from its {chart.table} net"
        raise NetdefError(f"{name}: has no `{chart.value}`{did_you_mean(chart.value, known)}{has}")
    return [row[chart.against] for row in found], [row[chart.value] for row in found]


def plot(curves: Sequence[tuple[str, list[float], list[float]]], chart: Chart, kind: str) -> bytes:
    """The curves (name, x, y) as a picture of a kind that matplotlib writes: png, svg, pdf."""
    with drawing():
        figure = new_figure(7.5, 4.5)
        axes = figure.subplots()
        for number, (name, x, y) in enumerate(curves):
            colour, style = series(number)
            axes.plot(x, y, label=name, color=colour, linestyle=style, marker="o" if len(x) < 30 else None, markersize=3,
                      linewidth=1.2)
        axes.set_xlabel("iterations" if chart.against == "NumIters" else "seconds")
        axes.set_ylabel("learning rate" if chart.value == "LearningRate" else chart.value)
        axes.set_title(chart.title)
        axes.grid(axis="y")
        axes.legend()
        return encode(figure, kind)
