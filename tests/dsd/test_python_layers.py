"""Nets with Python layers under the trainer and the commands."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

import dsd
import netdef
from dsd.cli.check import main as check
from dsd.cli.convert import main as convert
from dsd.cli.features import main as features
from dsd.cli.scan import main as scan
from dsd.cli.study import main as study
from dsd.cli.test import main as score
from dsd.cli.time import main as timing
from dsd.cli.train import main as train

NET = """
layer { name: "data" type: "Python" top: "x" top: "n"
        python_param { module: "user_layers" layer: "Shuffler" param_str: "4" } }
layer { name: "quiet" type: "Silence" bottom: "n" }
layer { name: "noise" type: "Python" bottom: "x" top: "z" python_param { module: "user_layers" layer: "Noise" } }
layer { name: "module" type: "Python" bottom: "z" top: "y" python_param { module: "user_modules" layer: "Perceptron" } }
layer { name: "ip" type: "InnerProduct" bottom: "y" top: "ip"
        inner_product_param { num_output: 3 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "Python" bottom: "ip" bottom: "x" top: "loss" loss_weight: 1
        python_param { module: "user_layers" layer: "EuclideanLoss" } }
"""


@pytest.fixture
def solver(tmp_path: Path) -> Path:
    (tmp_path / "net.prototxt").write_text(NET)
    path = tmp_path / "solver.prototxt"
    path.write_text(f'net: "net.prototxt" base_lr: 0.05 momentum: 0.9 lr_policy: "fixed" max_iter: 5 random_seed: 3 '
                    f'test_iter: 2 test_interval: 5 solver_mode: CPU snapshot_prefix: "{tmp_path / "run"}"')
    return path


def test_it_learns_and_a_resumed_run_is_the_same_to_the_bit(solver: Path):
    whole = dsd.Trainer.from_file(solver, allow_python=True)
    start = whole.net.params["module"][1].detach().clone()
    whole.step(2)
    _, state = whole.snapshot()
    whole.step(3)
    resumed = dsd.Trainer.from_file(solver, allow_python=True)
    resumed.restore(state)
    resumed.step(3)
    for layer, blobs in whole.net.params.items():
        for mine, theirs in zip(blobs, resumed.net.params[layer]):
            assert torch.equal(mine, theirs), layer
    assert not torch.equal(start, whole.net.params["module"][1])
    assert [list(x) for x in whole.test()] == [["loss"]]


def test_the_trainer_runs_nothing_unless_allowed(solver: Path):
    with pytest.raises(netdef.SpecError, match="--allow-python"):
        dsd.Trainer.from_file(solver)


def test_the_commands_need_the_flag(solver: Path, tmp_path: Path):
    weights = str(tmp_path / "run_iter_5.caffemodel")
    for command, arguments in (
        (check, [str(solver)]),
        (check, [str(tmp_path / "net.prototxt")]),
        (train, [str(solver)]),
        (score, ["--model", str(tmp_path / "net.prototxt"), "--weights", weights, "--iterations", "2"]),
        (scan, [str(solver), "--weights", weights, "--sparsities", "0.5", "--no-plot"]),
        (study, ["--equivalence", str(solver), "--sparsity", "0.5", "--iterations", "1"]),
        (study, [str(solver), "--sparsity", "0.5", "--seeds", "1", "--out", str(tmp_path / "study")]),
        (timing, ["--model", str(tmp_path / "net.prototxt"), "--iterations", "1"]),
        (features, ["--model", str(tmp_path / "net.prototxt"), "--weights", weights, "--blobs", "ip", "--batches", "1",
                    "--out", str(tmp_path / "ip.h5")]),
    ):
        refused = CliRunner().invoke(command, arguments)
        assert refused.exit_code == 2 and "allow it with `--allow-python`" in refused.output, command.name
        allowed = CliRunner().invoke(command, [*arguments, "--allow-python"])
        assert allowed.exit_code == 0, allowed.output


def test_converting_needs_the_flag_too(solver: Path, tmp_path: Path):
    weights, out = tmp_path / "w.caffemodel", tmp_path / "out.safetensors"
    netdef.save_weights(netdef.load(tmp_path / "net.prototxt", allow_python=True), weights)
    arguments = [str(tmp_path / "net.prototxt"), str(weights), str(out), "--no-verify"]
    refused = CliRunner().invoke(convert, arguments)
    assert refused.exit_code == 2 and "allow it with `--allow-python`" in refused.output and not out.exists()
    allowed = CliRunner().invoke(convert, [*arguments, "--allow-python"])
    assert allowed.exit_code == 0 and out.exists(), allowed.output


def test_an_error_of_a_run_is_one_line(tmp_path: Path):
    (tmp_path / "net.prototxt").write_text(NET.replace('"Noise"', '"Broken" param_str: "forward"'))
    weights = tmp_path / "w.caffemodel"
    netdef.save_weights(netdef.load(tmp_path / "net.prototxt", allow_python=True), weights)
    result = CliRunner().invoke(
        score, ["--model", str(tmp_path / "net.prototxt"), "--weights", str(weights), "--allow-python"])
    assert result.exit_code == 2
    (line,) = result.output.splitlines()
    assert line.startswith(f"{tmp_path / 'net.prototxt'}:5:")
    assert "layer `noise` (Python)" in line and "KeyError" in line
