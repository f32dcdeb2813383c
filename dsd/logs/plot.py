"""Curves of logs, as Caffe's plot_training_log.py draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dsd.display.plotting import curve_label, drawing, encode, new_figure, series
from dsd.logs.tables import Row, Tables
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


@dataclass(frozen=True)
class LogCurve:
    """A curve with its name in the legend."""

    name: str
    x: list[float]
    y: list[float]


def curves_of(runs: Sequence[Tables], chart: Chart, path: Path) -> list[LogCurve]:
    """The curve of each run of a log that has one. Raises `NetdefError` if none has."""
    curves = []
    for number, tables in enumerate(runs, 1):
        rows = [row for row in _rows(tables, chart) if chart.value in row]
        name = f"{path.name}, run {number}" if len(runs) > 1 else path.name
        if rows:
            curves.append(LogCurve(name, [row[chart.against] for row in rows], [row[chart.value] for row in rows]))
    if not curves:
        columns = (column for tables in runs for row in _rows(tables, chart) for column in row)
        known = [column for column in dict.fromkeys(columns) if column not in ("NumIters", "Seconds")]
        has = f"; --value can draw {', '.join(known)}" if known else f", nor any other from its {chart.table} net"
        raise NetdefError(f"{path}: has no `{chart.value}`{did_you_mean(chart.value, known)}{has}")
    return curves


def _rows(tables: Tables, chart: Chart) -> list[Row]:
    return tables.train if chart.table == "train" else tables.test


def plot(curves: Sequence[LogCurve], chart: Chart, kind: str) -> bytes:
    """The curves as a picture in one of matplotlib's formats: png, svg, pdf."""
    with drawing():
        figure = new_figure(7.5, 4.5)
        axes = figure.subplots()
        for number, curve in enumerate(curves):
            colour, style = series(number)
            axes.plot(curve.x, curve.y, label=curve_label(curve.name, zip(curve.x, curve.y)), color=colour, linestyle=style,
                      marker="o" if len(curve.x) < 30 else None, markersize=3, linewidth=1.2)
        axes.set_xlabel("iterations" if chart.against == "NumIters" else "seconds")
        axes.set_ylabel("learning rate" if chart.value == "LearningRate" else chart.value)
        axes.set_title(chart.title)
        axes.grid(axis="y")
        axes.legend()
        return encode(figure, kind)
