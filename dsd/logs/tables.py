"""Logs read back as tables: the original's, old and new glog, ours in the same lines, and ours as JSON lines."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from dsd.observers.metrics import read_lines
from netdef.errors import FileError

Row = dict[str, float]

_STAMP = re.compile(r"[IWEF](?P<year>\d{4})?(?P<month>\d\d)(?P<day>\d\d) (?P<clock>\d\d:\d\d:\d\d(?:\.\d+)?)")
_ITERATION = re.compile(r"Iteration (\d+)")
_OUTPUT = re.compile(r"(Train|Test) net output #\d+: (\S+) = ([-+]?(?:nan|inf|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?))(?!\S)")
_RATE = re.compile(r"lr = ([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)(?!\S)")
_TEST_NET = re.compile(r"Testing net \(#(\d+)\)")


@dataclass
class Tables:
    """What a run said while training and testing: rows with NumIters, Seconds (since the run began), LearningRate and
    every output by name.

    An output's elements after the first are ``name[1]``, ...; test nets after the first give ``net1.name``, ... Of an
    iteration that a resumed run did again the later row counts.
    """

    train: list[Row] = field(default_factory=list)
    test: list[Row] = field(default_factory=list)


def read_log(path: str | Path) -> Tables:
    """The tables of a log file. Raises `FileError` for one that cannot be read or says nothing of a run."""
    try:
        tables = _from_json(Path(path)) if Path(path).suffix == ".jsonl" else _from_lines(Path(path))
    except (KeyError, TypeError, AttributeError) as error:
        raise FileError(f"{path}: is damaged, or of another version: {type(error).__name__} {error}") from None
    if not (tables.train or tables.test):
        raise FileError(f"{path}: has no outputs of training or testing; is it the log of a training run?")
    return tables


def write_csv(rows: Iterable[Row], file: IO[str], delimiter: str = ",") -> None:
    """The rows as Caffe's parse_log.py writes them. A value that a row does not have is left empty."""
    rows = list(rows)
    columns = dict.fromkeys(name for row in rows for name in row)
    writer = csv.DictWriter(file, list(columns), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)


def _from_lines(path: Path) -> Tables:
    """As parse_log.py reads: a row begins with the first output of another iteration, and takes its time and the rate
    told before; the first rate, not told yet, is the second row's."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}") from error
    tables = Tables()
    iteration, rate, net = None, float("nan"), 0
    new = {"Train": False, "Test": False}  # whether outputs that come begin a row, though the iteration is the same
    for seconds, line in _timed(text.splitlines()):
        if match := _ITERATION.search(line):
            iteration = float(match.group(1))
            tested = _TEST_NET.search(line)
            net = int(tested.group(1)) if tested else 0
            new["Test"] |= bool(tested) and not net
            new["Train"] |= "loss = " in line
        if iteration is None:
            continue
        if match := _RATE.search(line):
            rate = float(match.group(1))
        if match := _OUTPUT.search(line):
            kind, name, value = match.groups()
            rows = tables.train if kind == "Train" else tables.test
            if new[kind] or not rows or rows[-1]["NumIters"] != iteration:
                _forget(rows, iteration)
                rows.append({"NumIters": iteration, "Seconds": seconds, "LearningRate": rate})
                new[kind] = False
            row = rows[-1]
            row[_free(row, f"net{net}.{name}" if net and kind == "Test" else name)] = float(value)
    for rows in (tables.train, tables.test):
        if len(rows) > 1:
            rows[0]["LearningRate"] = rows[1]["LearningRate"]
    return tables


def _timed(lines: Iterable[str]) -> Iterator[tuple[float, str]]:
    """Each line with the seconds since the line ``Solving ...``; nothing before it."""
    start = None
    now = 0.0
    for line in lines:
        if (match := _STAMP.match(line)) and (moment := _moment(match, start)):
            if start is None and "Solving " in line:
                start = moment
            elif start is not None:
                now = (moment - start).total_seconds()
        if start is not None:
            yield now, line


def _moment(match: re.Match, start: datetime | None) -> datetime | None:
    """Old glog tells no year: it is the start's, or the next when the month is an earlier one. None: no such moment."""
    month, day = int(match["month"]), int(match["day"])
    year = int(match["year"]) if match["year"] else 2000 if start is None else start.year + (month < start.month)
    hour, minute, second = match["clock"].split(":")
    whole, _, part = second.partition(".")
    try:
        return datetime(year, month, day, int(hour), int(minute), int(whole), int(f"{part:0<6}"[:6]))
    except ValueError:
        return None


def _forget(rows: list[Row], iteration: float) -> None:
    """Drop the rows that an iteration repeats."""
    while rows and rows[-1]["NumIters"] >= iteration:
        rows.pop()


def _free(row: Row, name: str) -> str:
    """The name, or with a number behind it where the row has it: an output of several elements."""
    if name not in row:
        return name
    return next(f"{name}[{i}]" for i in range(1, len(row)) if f"{name}[{i}]" not in row)


def _from_json(path: Path) -> Tables:
    tables = Tables()
    events, start = read_lines(path)[0], None
    rate = next((event["rate"] for event in events if event["event"] == "train"), float("nan"))  # of tests before it
    for event in events:
        start = event["time"] if start is None else start
        kind = event["event"]
        if kind not in ("train", "test"):
            continue
        rate = event["rate"] if kind == "train" else rate
        rows = tables.train if kind == "train" else tables.test
        _forget(rows, event["iteration"])
        row = {"NumIters": float(event["iteration"]), "Seconds": round(event["time"] - start, 3), "LearningRate": rate}
        nets = [event["outputs"]] if kind == "train" else event["outputs"]
        for net, outputs in enumerate(nets):
            for name, values in outputs.items():
                for value in values if isinstance(values, list) else [values]:
                    row[_free(row, f"net{net}.{name}" if net else name)] = float("nan") if value is None else value
        rows.append(row)
    return tables
