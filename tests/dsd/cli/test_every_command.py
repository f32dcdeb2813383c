"""Behaviour of all commands that read nets: --lenient, --allow-python, nets without data layers."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dsd.cli.main import main
from netdef.api import compile_net
from netdef.definition.read import read_net
from netdef.graph.pruning import attach_masks
from netdef.weights.save import save_weights

DATA = """
layer { name: "d" type: "DummyData" top: "d" top: "t" dummy_data_param { shape { dim: 3 dim: 5 } shape { dim: 3 dim: 2 }
        data_filler { type: "gaussian" } data_filler { } } }"""
NET = """
layer { name: "ip" type: "InnerProduct" bottom: "d" top: "ip"
        inner_product_param { num_output: 4 weight_filler { type: "xavier" } } }
layer { name: "ip2" type: "InnerProduct" bottom: "ip" top: "ip2"
        inner_product_param { num_output: 2 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "EuclideanLoss" bottom: "ip2" bottom: "t" top: "loss" }
"""
UNKNOWN_FIELD = DATA + NET.replace('top: "ip"', 'top: "ip" wonder: 1', 1)
PYTHON_LAYER = DATA + NET.replace('bottom: "d"', 'bottom: "noise"').replace(
    'layer { name: "ip"', """layer { name: "noise" type: "Python" bottom: "d" top: "noise"
        python_param { module: "user_layers" layer: "Noise" } }
layer { name: "ip\"""")
INPUT_LAYER = """
layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 3 dim: 5 } } }
layer { name: "t" type: "DummyData" top: "t" dummy_data_param { shape { dim: 3 dim: 2 } } }""" + NET

COMMANDS = {
    "check a net": ["check", "net.prototxt"],
    "check a solver": ["check", "solver.prototxt"],
    "convert": ["convert", "net.prototxt", "w.caffemodel", "w.safetensors", "--no-verify"],
    "draw a net": ["draw", "net.prototxt"],
    "draw a solver": ["draw", "solver.prototxt"],
    "features": ["features", "--model=net.prototxt", "--weights=w.caffemodel", "--blobs=ip", "--batches=1", "--out=ip.h5"],
    "scan": ["scan", "solver.prototxt", "--weights=w.caffemodel", "--sparsities=0.5", "--no-plot"],
    "study": ["study", "solver.prototxt", "--sparsity=0.5", "--seeds=1", "--out=study"],
    "study of constraints": ["study", "--equivalence", "solver.prototxt", "--sparsity=0.5", "--iterations=1"],
    "test": ["test", "--model=net.prototxt", "--weights=w.caffemodel", "--iterations=2"],
    "test of masks": ["test", "--model=net.prototxt", "--weights=masked.caffemodel", "--audit"],
    "time": ["time", "--model=net.prototxt", "--iterations=1"],
    "train": ["train", "solver.prototxt"],
}


def prepare(net: str) -> None:
    """Write a net with its solver and weights into the working directory."""
    Path("net.prototxt").write_text(net)
    Path("solver.prototxt").write_text('net: "net.prototxt" base_lr: 0.05 lr_policy: "fixed" max_iter: 2 test_iter: 1 '
                                       'test_interval: 2 solver_mode: CPU snapshot_prefix: "run"')
    spec = read_net("net.prototxt", lenient=True, allow_python=True)
    save_weights(compile_net(spec), "w.caffemodel")
    masked = compile_net(attach_masks(spec, {"ip2": 0.5}))
    masked.masks["ip2_mask"].set(masked.params["ip2"][0] > 0)
    masked.params["ip2"][0].data.clamp_(min=0)
    save_weights(masked, "masked.caffemodel")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.filterwarnings("ignore:.*wonder")
@pytest.mark.usefixtures("study_in_process")
def test_unknown_fields_need_lenient(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    prepare(UNKNOWN_FIELD)
    refused = run(*COMMANDS[name])
    assert refused.exit_code == 2 and "LayerParameter has no field `wonder`" in refused.output
    taken = run(*COMMANDS[name], "--lenient")
    assert taken.exit_code == 0, taken.output


@pytest.mark.parametrize("name", [name for name in COMMANDS if not name.startswith("draw")])
@pytest.mark.usefixtures("study_in_process")
def test_python_layers_need_permission(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    prepare(PYTHON_LAYER)
    refused = run(*COMMANDS[name])
    assert refused.exit_code == 2 and "allow it with `--allow-python`" in refused.output
    assert not Path("w.safetensors").exists()
    allowed = run(*COMMANDS[name], "--allow-python")
    assert allowed.exit_code == 0, allowed.output


@pytest.mark.parametrize("name", ["features", "scan", "study of constraints", "test", "train"])
def test_input_layers_are_refused_where_data_is_needed(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    prepare(INPUT_LAYER)
    before = set(tmp_path.iterdir())
    found = run(*COMMANDS[name])
    assert found.exit_code == 2, found.output
    said = "net.prototxt:2:33: layer `d` (Input) waits for the tensors of a program; here a data layer is wanted that makes "
    assert said in found.output
    assert set(tmp_path.iterdir()) <= before | {tmp_path / "run.log", tmp_path / "run.jsonl"}


@pytest.mark.parametrize("name", ["features", "test"])
def test_dummy_data_is_data(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """As in the original."""
    monkeypatch.chdir(tmp_path)
    prepare(DATA + NET)
    found = run(*COMMANDS[name])
    assert found.exit_code == 0, found.output


def test_an_error_of_a_python_layer_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    prepare(PYTHON_LAYER.replace('"Noise"', '"Broken" param_str: "forward"'))
    found = run(*COMMANDS["test"], "--allow-python")
    assert found.exit_code == 2
    (line,) = found.output.splitlines()
    assert line.startswith("net.prototxt:") and "layer `noise` (Python)" in line and "KeyError" in line
