"""The tables of a log: the values that a run printed while training and testing."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO

Row = dict[str, float]


@dataclass
class Tables:
    """Rows with NumIters, Seconds (since the run began), LearningRate and every output by name.

    An output's elements after the first are ``name[1]``, ...; outputs of test nets after the first ``net1.name``, ...
    """

    train: list[Row] = field(default_factory=list)
    test: list[Row] = field(default_factory=list)


def add_row(rows: list[Row], iteration: float, seconds: float, rate: float) -> Row:
    """Begin a row, and drop the rows that it repeats: of an iteration that a resumed run repeated, the later row counts."""
    while rows and rows[-1]["NumIters"] >= iteration:
        rows.pop()
    rows.append({"NumIters": iteration, "Seconds": seconds, "LearningRate": rate})
    return rows[-1]


def add_value(row: Row, name: str, value: float) -> None:
    """Add an output; a further one of the same name is the next element of it."""
    free = name if name not in row else next(f"{name}[{i}]" for i in range(1, len(row)) if f"{name}[{i}]" not in row)
    row[free] = value


def write_csv(rows: Iterable[Row], file: IO[str], delimiter: str = ",") -> None:
    """The rows as Caffe's parse_log.py writes them. Missing values are left empty."""
    rows = list(rows)
    columns = dict.fromkeys(name for row in rows for name in row)
    writer = csv.DictWriter(file, list(columns), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
