"""Nets with Python layers under the trainer."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import dsd
import netdef

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
