"""Nets whose Input layers wait for a caller's tensors: a complaint with a place in every command that draws batches."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import netdef
from dsd.cli.features import main as features
from dsd.cli.scan import main as scan
from dsd.cli.study import main as study
from dsd.cli.test import main as score
from dsd.cli.train import main as train

NET = """
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "d" type: "DummyData" top: "t" dummy_data_param { shape { dim: 2 dim: 4 } } }
layer { name: "ip" type: "InnerProduct" bottom: "x" top: "ip"
        inner_product_param { num_output: 4 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "EuclideanLoss" bottom: "ip" bottom: "t" top: "loss" }
"""
MODEL = ["--model=net.prototxt", "--weights=w.caffemodel"]
COMMANDS = {
    "dsd-train": (train, ["solver.prototxt"]),
    "dsd-test": (score, [*MODEL, "--iterations=2"]),
    "dsd-features": (features, [*MODEL, "--blobs=ip", "--batches=1", "--out=ip.h5"]),
    "dsd-scan": (scan, ["solver.prototxt", "--weights=w.caffemodel", "--layers=ip", "--sparsities=0.5", "--no-plot"]),
    "dsd-study --equivalence": (study, ["--equivalence", "solver.prototxt", "--sparsity=0.5", "--iterations=1"]),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("net.prototxt").write_text(NET)
    Path("solver.prototxt").write_text('net: "net.prototxt" base_lr: 0.05 lr_policy: "fixed" max_iter: 2 test_iter: 1 '
                                       'test_interval: 2 solver_mode: CPU snapshot_prefix: "run"')
    netdef.save_weights(netdef.load("net.prototxt"), "w.caffemodel")
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_inputs_are_refused_with_their_place(folder: Path, name: str):
    command, arguments = COMMANDS[name]
    before = set(folder.iterdir())
    found = CliRunner().invoke(command, arguments)
    assert found.exit_code == 2, found.output
    said = "net.prototxt:2:33: layer `x` (Input) has no numbers of its own; a data layer must make `x` in the T"
    assert said in found.output
    assert set(folder.iterdir()) <= before | {folder / "run.log", folder / "run.jsonl"}


@pytest.mark.parametrize("name", ["dsd-test", "dsd-features"])
def test_a_net_that_makes_its_own_numbers_needs_no_data_layer(folder: Path, name: str):
    """As in the original, DummyData is data enough."""
    dummy = 'layer { name: "x" type: "DummyData" top: "x" dummy_data_param { shape { dim: 2 dim: 3 } } }'
    Path("net.prototxt").write_text(NET.replace(NET.splitlines()[1], dummy))
    command, arguments = COMMANDS[name]
    found = CliRunner().invoke(command, arguments)
    assert found.exit_code == 0, found.output
