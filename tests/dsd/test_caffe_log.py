"""The log read back as Caffe's tools/extra/parse_log.py reads logs."""

from __future__ import annotations

import csv
import re
from datetime import datetime

import pytest
from caffe_cli import PARSED, put_case

from dsd.caffe_log import CaffeLog, GlogFile, number, output_lines
from dsd.trainer import Trainer
from netdef.errors import FileError

ITERATION = re.compile(r"Iteration (\d+)")
OUTPUT = re.compile(r"(Train|Test) net output #\d+: (\S+) = ([\.\deE+-]+)")
RATE = re.compile(r"lr = ([-+]?[0-9]*\.?[0-9]+(?:[eE]?[-+]?[0-9]+)?)")


def moment(line: str) -> datetime:
    """Month and day are what follows the first letter, as the tool takes them."""
    day, clock = line.split()[:2]
    return datetime.strptime(f"2015 {int(day[1:3])} {int(day[3:])} {clock}", "%Y %m %d %H:%M:%S.%f")


def parse_log(text: str) -> dict[str, list[dict[str, float]]]:
    """Rows of outputs by iteration, as the tool makes them: a row begins when the iteration changes."""
    tables: dict[str, list[dict[str, float]]] = {"Train": [], "Test": []}
    iteration, rate, start = None, float("nan"), None
    for line in text.splitlines():
        if start is None:
            start = moment(line) if "Solving" in line else None
        elif match := ITERATION.search(line):
            iteration = float(match.group(1))
        if iteration is None:
            continue
        assert (moment(line) - start).total_seconds() >= 0
        if match := RATE.search(line):
            rate = float(match.group(1))
        if match := OUTPUT.search(line):
            table = tables[match.group(1)]
            if not table or table[-1]["NumIters"] != iteration:
                table.append({"NumIters": iteration, "LearningRate": rate})
            table[-1][match.group(2)] = float(match.group(3))
    for table in tables.values():  # as the tool does: the first rate is not known yet
        if len(table) > 1:
            table[0]["LearningRate"] = table[1]["LearningRate"]
    return tables


@pytest.fixture
def trainer(tmp_path, monkeypatch):
    put_case(tmp_path)
    monkeypatch.chdir(tmp_path)
    return Trainer.from_file("solver.prototxt")


def test_a_parser_of_caffes_logs_finds_the_recorded_tables(trainer, tmp_path):
    trainer.observers.append(CaffeLog(tmp_path / "a" / "run.log"))
    trainer.run()
    found = parse_log((tmp_path / "a" / "run.log").read_text())
    for kind, name in (("Train", "train"), ("Test", "test")):
        with open(PARSED / f"train.log.{name}", newline="") as file:
            recorded = [{k: float(v) for k, v in row.items() if k != "Seconds"} for row in csv.DictReader(file)]
        ours = found[kind][: len(recorded)] if kind == "Test" else found[kind]  # ours tests once more at the end
        assert [sorted(row) for row in ours] == [sorted(row) for row in recorded]
        for mine, theirs in zip(ours, recorded):
            assert mine == pytest.approx(theirs, rel=2e-5)


@pytest.mark.parametrize(
    "value, text",
    [(0.1, "0.1"), (1.0, "1"), (1e-05, "1e-05"), (123456.7, "123457"), (1234567.0, "1.23457e+06"),
     (0.000123456789, "0.000123457"), (float("inf"), "inf"), (-0.5, "-0.5")],
)  # fmt: skip
def test_numbers_are_those_of_a_cpp_stream(value, text):
    assert number(value) == text


def test_outputs_are_numbered_through_all_their_elements(trainer):
    import torch

    lines = output_lines(trainer.net, {"other": torch.tensor([1.5, 2.0]), "loss": torch.tensor(0.25)})
    assert lines == ["#0: other = 1.5", "#1: other = 2", "#2: loss = 0.25 (* 1 = 0.25 loss)"]


def test_the_prefix_is_old_glogs(tmp_path):
    log = GlogFile(tmp_path / "x.log")
    log.info("solver.cpp:289", "Solving it")
    log.close()
    (line,) = (tmp_path / "x.log").read_text().splitlines()
    match = re.fullmatch(r"I(\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.\d{6} +\d+ solver\.cpp:289\] Solving it", line)
    month, day, hour, minute, second = map(int, match.groups())
    assert abs(datetime.now() - datetime(datetime.now().year, month, day, hour, minute, second)).total_seconds() < 100


def test_test_compute_loss_is_logged(trainer, tmp_path):
    trainer.settings.test_compute_loss = True
    trainer.observers.append(CaffeLog(tmp_path / "x.log"))
    trainer.run()
    assert "solver.cpp:401] Test loss: 1.254" in (tmp_path / "x.log").read_text()


def test_a_log_that_cannot_be_is_refused(trainer, tmp_path):
    trainer.observers.append(CaffeLog(tmp_path / "net.prototxt" / "x.log"))
    with pytest.raises(FileError, match="x.log: cannot be written"):
        trainer.run()
