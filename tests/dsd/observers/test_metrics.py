"""Metrics of a run as JSON lines, written and read."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path

import pytest
from toys import toy

from dsd.observers.metrics import JsonLines
from dsd.observers.metrics_lines import read_lines
from dsd.training.events import Observer
from dsd.training.trainer import Trainer


def test_resumed_run_ends_an_incomplete_line_first(tmp_path):
    solver = toy(tmp_path)
    trainer = Trainer.from_file(solver, max_iter=6)
    trainer.run()
    path = tmp_path / "run" / "toy.jsonl"
    path.write_text('{"event": "start", "iteration": 0}\n{"event": "trai')
    again = Trainer.from_file(solver, max_iter=7, observers=[JsonLines(path)])
    again.restore(tmp_path / "run" / "toy_iter_6.solverstate")
    again.run()
    events, damaged = read_lines(path)
    assert damaged == [2]
    assert [e["iteration"] for e in events if e["event"] == "start"] == [0, 6]


def test_the_start_event_has_the_facts_for_a_report(tmp_path):
    path = tmp_path / "a.jsonl"
    Trainer.from_file(toy(tmp_path), max_iter=1, seed=9, observers=[JsonLines(path)]).run()
    start = json.loads(path.read_text().splitlines()[0])
    assert (start["seed"], start["ranks"], start["device"]) == (9, 1, "cpu")
    assert set(start["versions"]) >= {"python", "torch", "numpy"}
    assert 'name: "sparse"' in start["text"] and "weight_decay: 0.001" in start["text"]
    assert start["phases"] == [{"name": "dense", "start": 0, "end": 1, "sparse": False, "sparsity": None}]


def events(path: Path) -> list[dict]:
    return [json.loads(line, parse_constant=pytest.fail) for line in path.read_text().splitlines()]


def test_json_lines_have_an_object_an_event(trainer, tmp_path):
    trainer.observers.append(JsonLines(tmp_path / "run.jsonl"))
    trainer.run()
    found = events(tmp_path / "run.jsonl")
    assert [e["name"] for e in found if e["event"] == "phase"] == ["dense", "sparse", "re-dense"]
    assert [e["iteration"] for e in found if e["event"] == "train"] == list(range(16))
    assert [e["rate"] for e in found if e["event"] == "train"][:5] == [0.1, 0.1, 0.1, 0.1, 0.05]
    start, end = found[0], found[-1]
    assert (start["event"], start["seed"], start["max_iter"], start["net"]) == ("start", 1701, 16, "cli_mlp")
    assert end == {"event": "end", "time": end["time"], "iteration": 16, "early": False}
    ends = {e["name"]: e["kept"] for e in found if e["event"] == "phase_end"}
    assert ends == {
        "dense": {"ip1": [30, 30], "ip2": [15, 15]},
        "sparse": {"ip1": [21, 30], "ip2": [11, 15]},
        "re-dense": {"ip1": [30, 30], "ip2": [15, 15]},
    }
    assert abs(start["time"] - time.time()) < 600


def test_numbers_that_are_not_finite_are_null(trainer, tmp_path):
    class Spoil(Observer):
        def iterated(self, trainer, outputs, rate):
            trainer.losses[-1].fill_(math.nan)

    trainer.observers += [Spoil(), JsonLines(tmp_path / "run.jsonl")]
    trainer.run()
    assert all(e["loss"] is None for e in events(tmp_path / "run.jsonl") if e["event"] == "train")
