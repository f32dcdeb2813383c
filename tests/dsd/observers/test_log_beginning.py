"""The first lines of the log, as the original's."""

from __future__ import annotations

from pathlib import Path

import pytest
from caffe_cli import put_case

from dsd.observers.caffe_log import CaffeLog
from dsd.observers.log_beginning import beginning
from dsd.training.trainer import Trainer

# Of the original's log of this solver, those lines that are not about single layers.
RECORDED = [
    "caffe.cpp:197] Use CPU.",
    "solver.cpp:45] Initializing solver from parameters: ",
    "solver.cpp:102] Creating training net from net file: net.prototxt",
    "solver.cpp:72] Finetuning from init.caffemodel",
    "solver.cpp:190] Creating test net (#0) specified by net file: net.prototxt",
    "solver.cpp:57] Solver scaffolding done.",
]
RESUMED = ["caffe.cpp:235] Resuming from snap_iter_5.solverstate", "sgd_solver.cpp:336] SGDSolver: restoring history"]
STARTED = [
    "caffe.cpp:239] Starting Optimization", "solver.cpp:289] Solving cli_mlp", "solver.cpp:290] Learning Rate Policy: step"]


@pytest.fixture(autouse=True)
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The recorded run's files in the working directory."""
    put_case(tmp_path)
    monkeypatch.chdir(tmp_path)


def lines(path: str) -> list[str]:
    """The lines of a log that have a prefix, without it."""
    return [line.split(" ", 3)[-1].lstrip("0123456789 ") for line in Path(path).read_text().splitlines() if line[:1] == "I"]


def test_the_log_begins_with_the_lines_of_the_original():
    trainer = Trainer.from_file("solver.prototxt", observers=[CaffeLog(Path("run.log"))])
    trainer.run()
    assert lines("run.log")[: len(RECORDED + STARTED)] == RECORDED + STARTED


def test_a_resumed_run_says_so_in_the_words_of_the_original():
    trainer = Trainer.from_file("solver.prototxt", observers=[CaffeLog(Path("run.log"), "snap_iter_5.solverstate")])
    trainer.restore("snap_iter_5.solverstate")
    trainer.run()
    begun = RECORDED + RESUMED + STARTED
    assert lines("run.log")[: len(begun)] == begun


def test_layers_of_a_weight_file_that_the_net_has_not_are_named():
    net = Path("net.prototxt").read_text()
    Path("other.prototxt").write_text(net.replace('"ip2"', '"fc2"'))
    solver = Path("solver.prototxt").read_text()
    Path("solver.prototxt").write_text(solver.replace("net.prototxt", "other.prototxt"))
    texts = [text for _, text in beginning(Trainer.from_file("solver.prototxt"))]
    assert texts[3:5] == ["Finetuning from init.caffemodel", "Ignoring source layer ip2"]


@pytest.mark.parametrize("nets, train, tests", [
    ('train_net: "net.prototxt" test_net: "net.prototxt"', "Creating training net from train_net file: net.prototxt",
     ["test_net file: net.prototxt"]),
    ("net_param { NET }", "Creating training net specified in net_param.", ["net_param"]),
    ("train_net_param { NET } test_net_param { NET }", "Creating training net specified in train_net_param.", ["test_net_param"]),
    ('net: "net.prototxt" test_net: "net.prototxt" test_iter: 2', "Creating training net from net file: net.prototxt",
     ["test_net file: net.prototxt", "net file: net.prototxt"]),
])
def test_nets_are_named_by_what_they_are_read_from(nets: str, train: str, tests: list[str]):
    solver = Path("solver.prototxt").read_text().replace('net: "net.prototxt"', "")
    Path("solver.prototxt").write_text(solver + nets.replace("NET", Path("net.prototxt").read_text()))
    texts = [text for _, text in beginning(Trainer.from_file("solver.prototxt"))]
    assert texts[2] == train
    assert texts[4:-1] == [f"Creating test net (#{i}) specified by {source}" for i, source in enumerate(tests)]
