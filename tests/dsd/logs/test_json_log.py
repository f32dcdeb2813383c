"""Runs in JSON lines."""

from __future__ import annotations

import json
from pathlib import Path

from dsd.logs.read import read_runs


def test_json_lines_become_tables(tmp_path: Path):
    events = [
        dict(event="start", time=100.0),
        dict(event="test", time=101.0, iteration=0, outputs=[{"loss": 3.0}, {"loss": None}]),
        dict(event="train", time=102.5, iteration=5, rate=0.1, outputs={"loss": 2.0, "p": [0.25, 0.5]}),
        dict(event="test", time=103.0, iteration=5, outputs=[{"loss": 1.0}, {"loss": 1.5}]),
    ]
    (tmp_path / "x.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
    (tables,) = read_runs(tmp_path / "x.jsonl")
    assert tables.train == [{"NumIters": 5, "Seconds": 2.5, "LearningRate": 0.1, "loss": 2, "p": 0.25, "p[1]": 0.5}]
    assert tables.test[0]["LearningRate"] == 0.1
    assert tables.test[1] == {"NumIters": 5, "Seconds": 3, "LearningRate": 0.1, "loss": 1, "net1.loss": 1.5}


def test_json_lines_of_several_runs_are_separated(tmp_path: Path):
    """A resumed run continues; one that begins at 0 again is another run."""
    def events(start: int, *iterations: int) -> list[dict]:
        return [dict(event="start", time=100.0, iteration=start),
                *(dict(event="train", time=101.0 + i, iteration=i, rate=0.1, outputs={"loss": 9.0 - i}) for i in iterations)]

    lines = [*events(0, 0, 1, 2), *events(1, 1, 2, 3), *events(0, 0, 1)]
    (tmp_path / "x.jsonl").write_text("".join(json.dumps(event) + "\n" for event in lines))
    assert [[row["NumIters"] for row in run.train] for run in read_runs(tmp_path / "x.jsonl")] == [[0, 1, 2, 3], [0, 1]]
