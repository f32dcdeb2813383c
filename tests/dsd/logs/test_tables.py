"""Logs of all kinds become the tables that the original's parse_log.py made."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from caffe_cli import PARSED

from dsd.logs.tables import read_log, write_csv
from netdef.errors import FileError


def as_csv(rows: list[dict]) -> str:
    file = io.StringIO()
    write_csv(rows, file)
    return file.getvalue()


def recorded(name: str) -> str:
    with open(PARSED / f"train.log.{name}", newline="") as file:
        return file.read()


@pytest.mark.parametrize("year", ["", "2026"])
def test_the_recorded_tables_to_the_byte_of_old_and_new_glog(tmp_path: Path, year: str):
    text = re.sub(r"^([IWEF])(\d{4} )", rf"\g<1>{year}\2", (PARSED / "train.log").read_text(), flags=re.M)
    (tmp_path / "x.log").write_text(text)
    tables = read_log(tmp_path / "x.log")
    assert as_csv(tables.train) == recorded("train") and as_csv(tables.test) == recorded("test")


def log(*lines: str) -> str:
    """Lines with old glog's prefix, a second apart."""
    return "\n".join(f"I1231 23:59:{50 + i}.000000  7 solver.cpp:1] {line}" for i, line in enumerate(lines)) + "\n"


def test_several_nets_elements_and_numbers_that_are_none(tmp_path: Path):
    (tmp_path / "x.log").write_text(
        log(
            "Solving it",
            "Iteration 0, Testing net (#0)",
            "    Test net output #0: score = 1",
            "    Test net output #1: score = nan",
            "Iteration 0, Testing net (#1)",
            "    Test net output #0: score = -1e-05",
        )
    )
    (row,) = read_log(tmp_path / "x.log").test
    assert (row["score"], row["net1.score"], row["Seconds"]) == (1, -1e-5, 2) and row["score[1]"] != row["score[1]"]


def test_a_resumed_run_takes_the_place_of_what_it_repeats(tmp_path: Path):
    def pass_at(iteration: int, loss: float) -> tuple[str, str]:
        return f"Iteration {iteration}, loss = {loss}", f"    Train net output #0: loss = {loss}"

    lines = ["Solving it", *pass_at(1, 10), *pass_at(2, 20), *pass_at(3, 30), *pass_at(2, 21)]
    (tmp_path / "x.log").write_text(log(*lines))
    assert [(row["NumIters"], row["loss"]) for row in read_log(tmp_path / "x.log").train] == [(1, 10), (2, 21)]


def test_seconds_go_on_in_the_new_year(tmp_path: Path):
    lines = log("Solving it", "Iteration 1, loss = 2", "    Train net output #0: loss = 2")
    (tmp_path / "x.log").write_text(lines.replace("I1231 23:59:52", "I0101 00:00:03"))
    assert read_log(tmp_path / "x.log").train[0]["Seconds"] == 13


def test_damaged_lines_are_passed_over(tmp_path: Path):
    lines = ["Solving it", "Iteration 1, loss = 2", "    Train net output #0: loss = 2", "Iteration 2, lr = 1e-",
             "    Train net output #0: loss = 1.38e", "    Train net output #0: loss = 1.2.3"]
    (tmp_path / "x.log").write_text(log(*lines).replace("I1231 23:59:52", "I1331 23:59:72"))
    (row,) = read_log(tmp_path / "x.log").train
    assert (row["Seconds"], row["loss"], set(row)) == (1, 2, {"NumIters", "Seconds", "LearningRate", "loss"})


def test_json_lines(tmp_path: Path):
    events = [
        dict(event="start", time=100.0),
        dict(event="test", time=101.0, iteration=0, outputs=[{"loss": 3.0}, {"loss": None}]),
        dict(event="train", time=102.5, iteration=5, rate=0.1, outputs={"loss": 2.0, "p": [0.25, 0.5]}),
        dict(event="test", time=103.0, iteration=5, outputs=[{"loss": 1.0}, {"loss": 1.5}]),
    ]
    (tmp_path / "x.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
    tables = read_log(tmp_path / "x.jsonl")
    assert tables.train == [{"NumIters": 5, "Seconds": 2.5, "LearningRate": 0.1, "loss": 2, "p": 0.25, "p[1]": 0.5}]
    assert tables.test[0]["LearningRate"] == 0.1
    assert tables.test[1] == {"NumIters": 5, "Seconds": 3, "LearningRate": 0.1, "loss": 1, "net1.loss": 1.5}


def test_rows_with_different_columns():
    assert as_csv([{"a": 1.0}, {"b": 2.0, "a": 3.0}]) == "a,b\r\n1.0,\r\n3.0,2.0\r\n"


def test_what_is_no_log(tmp_path: Path):
    (tmp_path / "x.log").write_text("hello\n")
    with pytest.raises(FileError, match="x.log: has no outputs of training or testing"):
        read_log(tmp_path / "x.log")
    (tmp_path / "x.jsonl").write_text('{"event": "train", "time": 1, "rate": 0.1, "iter": 3}\n')
    with pytest.raises(FileError, match="x.jsonl: is damaged, or of another version: KeyError 'iteration'"):
        read_log(tmp_path / "x.jsonl")
    with pytest.raises(FileError, match="y.log: No such file"):
        read_log(tmp_path / "y.log")
