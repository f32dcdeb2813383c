"""Read the runs in a text log: Caffe's of any version, with old or new glog, its forks', and dsd-train's.

Lines of other programs between them, prefixes before them, colours and lines without an end are passed over.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from dsd.logs.tables import Row, Tables, add_row, add_value

Moment = int | None
"""Microseconds since 1970, None for a line without a time: whole numbers, so that differences have the digits of the log."""

_STAMP = re.compile(
    r"[IWEF](?P<year>\d{4})?(?P<month>\d\d)(?P<day>\d\d) (?P<clock>\d\d:\d\d:\d\d(?:\.\d+)?)"
    r"|(?P<epoch>\b\d{10}) +(?:INFO|WARNING|ERROR|FATAL)\b")
_COLOUR = re.compile(r"\x1b\[[\d;]*m")
_VALUE = r"(?P<value>[-+]?(?:nan(?:\(\w*\))?|inf(?:inity)?|1\.#\w+|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?))(?![^\s,])"
_BEGIN = r"(?:^|\]|line \d+ :)\s*"  # of a message, behind the place in the source

_SOLVING = re.compile(_BEGIN + "Solving\\b")
_RESUMED = re.compile(_BEGIN + "(?:Resuming from|Restoring previous solver status)")
_ITERATION = re.compile(_BEGIN + r"Iteration (\d+)\b")
_TESTING = re.compile(r"Testing net(?: \(#(?P<net>\d+)\))?")
_RATE = re.compile(_BEGIN + r"Iteration \d+\b.*?, lr = " + _VALUE, re.IGNORECASE)
_LOSS = re.compile(r"loss = " + _VALUE, re.IGNORECASE)
_OUTPUT = re.compile(r"(?P<kind>Train|Test) net output #\d+: (?P<name>\S.*?) = " + _VALUE, re.IGNORECASE)
_SCORE = re.compile(r"Test score #(?P<number>\d+): " + _VALUE, re.IGNORECASE)


def runs_in_text(text: str) -> list[Tables]:
    """The tables of each run, as parse_log.py makes them.

    A row has the time of its first output, and the last rate printed before it; the first row has the second row's rate
    if none was printed before it.
    """
    reader = _Reader(named="Train net output #" in text)
    for moment, line in _moments(text):
        reader.line(moment, line)
    runs = [tables for tables in reader.runs if tables.train or tables.test]
    for tables in runs:
        for rows in (tables.train, tables.test):
            if len(rows) > 1 and math.isnan(rows[0]["LearningRate"]):
                rows[0]["LearningRate"] = rows[1]["LearningRate"]
    return runs


class _Reader:
    """Read a log line by line. ``named``: the log names the outputs of training; otherwise its losses make the rows."""

    def __init__(self, named: bool):
        self.named = named
        self.runs = [Tables()]
        self.began: Moment = None
        self.rate = math.nan
        self.last: float | None = None  # the last iteration that was named
        self.trained: float | None = None  # the iteration whose outputs come
        self.tested: float | None = None
        self.net = 0
        self.new_train = self.new_test = False  # whether the next output begins a row, though the iteration is the same
        self.began_solving: Moment = None
        self.solving = self.resumed = False  # whether such lines came since the last iteration

    def line(self, moment: Moment, text: str) -> None:
        """Read a line."""
        if _SOLVING.search(text):
            self.solving, self.began_solving = True, moment
        if _RESUMED.search(text):
            self.resumed = True
        if match := _ITERATION.search(text):
            self._iteration(moment, float(match[1]), text)
        elif self.last is None and not self.solving:
            return  # before any run
        elif match := _TESTING.search(text):
            self._test(self.last or 0.0, match)
        if match := _OUTPUT.search(text):
            self._output(moment, match["kind"].lower() == "train", match["name"], _number(match["value"]))
        elif match := _SCORE.search(text):
            self._output(moment, False, f"score{match['number']}", _number(match["value"]))

    def _iteration(self, moment: Moment, iteration: float, text: str) -> None:
        self._begin_run(moment, iteration)
        self.last = iteration
        if match := _TESTING.search(text):
            self._test(iteration, match)
            return
        if match := _RATE.search(text):
            self.rate = _number(match["value"])
        if match := _LOSS.search(text):
            self.trained, self.new_train = iteration, True
            if not self.named:
                self._output(moment, True, "loss", _number(match["value"]))

    def _begin_run(self, moment: Moment, iteration: float) -> None:
        """Begin the first run, or another where training began anew: at 0, or after `Solving`, without being resumed."""
        again = self.last is not None and not self.resumed and (
            (iteration == 0 and self.last > 0) or (self.solving and iteration <= self.last))
        if again:
            self.runs.append(Tables())
            self.rate, self.trained, self.tested = math.nan, None, None
        if again or self.last is None:
            self.began = self.began_solving if self.solving else moment
        self.solving = self.resumed = False

    def _test(self, iteration: float, match: re.Match[str]) -> None:
        self.tested, self.net = iteration, int(match["net"] or 0)
        self.new_test |= not self.net

    def _output(self, moment: Moment, train: bool, name: str, value: float) -> None:
        iteration = self.trained if train else self.tested
        if iteration is None:
            return
        rows: list[Row] = self.runs[-1].train if train else self.runs[-1].test
        if (self.new_train if train else self.new_test) or not rows or rows[-1]["NumIters"] != iteration:
            seconds = math.nan if moment is None or self.began is None else (moment - self.began) / 10**6
            add_row(rows, iteration, seconds, self.rate)
            if train:
                self.new_train = False
            else:
                self.new_test = False
        add_value(rows[-1], f"net{self.net}.{name}" if self.net and not train else name, value)


def _moments(text: str) -> Iterator[tuple[Moment, str]]:
    """Each line with the latest time stamp; a line with a stamp inside is split there."""
    moment: Moment = None
    year, month = 2000, 0
    for line in _COLOUR.sub("", text).splitlines():
        begin = 0
        for match in [*_STAMP.finditer(line), None]:
            end = len(line) if match is None else match.start()
            if end > begin:
                yield moment, line[begin:end]
            if match is not None:
                begin = end
                if match["epoch"]:
                    moment = int(match["epoch"]) * 10**6
                    continue
                # Old glog gives no year: a new one begins when the month is an earlier one.
                year = int(match["year"]) if match["year"] else year + (int(match["month"]) < month)
                month = int(match["month"])
                found = _moment(year, match)
                moment = moment if found is None else found


def _moment(year: int, match: re.Match[str]) -> Moment:
    """The moment of a stamp; None for one that does not exist."""
    hour, minute, second = match["clock"].split(":")
    whole, _, part = second.partition(".")
    try:
        found = datetime(year, int(match["month"]), int(match["day"]), int(hour), int(minute), int(whole),
                         int(f"{part:0<6}"[:6]))
    except ValueError:
        return None
    return (found - datetime(1970, 1, 1)) // timedelta(microseconds=1)


def _number(text: str) -> float:
    """A number as C++ prints it; what is not finite also as Microsoft's library does: ``-1.#IND``, ``1.#INF``."""
    text = text.lower()
    if "#" in text:
        text = text.replace("1.#", "")
        text = "-inf" if text.startswith("-inf") else "inf" if text.startswith("inf") else "nan"
    return float("nan" if "nan" in text else text)
