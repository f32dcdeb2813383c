"""A layer that a user registers is trained, pruned, drawn and converted like one of the project's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from click import Command
from click.testing import CliRunner
from gated import Gated
from safetensors.torch import load_file

import netdef
from dsd.cli import convert, draw, train
from netdef.layers.core import registry
from netdef.testing import check_layer

NET = """
name: "gates"
layer { name: "data" type: "DummyData" top: "x" top: "t" dummy_data_param {
        shape { dim: 6 dim: 5 } shape { dim: 6 dim: 3 } data_filler { type: "gaussian" } } }
layer { name: "gated" type: "Gated" bottom: "x" top: "h"
        inner_product_param { num_output: 4 weight_filler { type: "xavier" } } }
layer { name: "ip" type: "InnerProduct" bottom: "h" top: "y"
        inner_product_param { num_output: 3 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "EuclideanLoss" bottom: "y" bottom: "t" top: "loss" }
"""
SOLVER = """
net: "net.prototxt" base_lr: 0.1 lr_policy: "fixed" random_seed: 3 display: 0 snapshot_prefix: "run"
dsd_phase { name: "dense" max_iter: 2 }
dsd_phase { name: "sparse" max_iter: 3 sparsity: 0.4 }
"""
USE = NET[NET.index('layer { name: "gated"') : NET.index('layer { name: "loss"')]
DEPLOY = f"""
name: "gates"
layer {{ name: "in" type: "Input" top: "x" input_param {{ shape {{ dim: 6 dim: 5 }} }} }}
{USE}
"""
Run = Callable[..., str]


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    netdef.register("Gated")(Gated)
    yield
    del registry._registry["Gated"]


@pytest.fixture
def run(tmp_path, monkeypatch) -> Run:
    monkeypatch.chdir(tmp_path)
    for name, text in (("net", NET), ("solver", SOLVER), ("deploy", DEPLOY)):
        Path(f"{name}.prototxt").write_text(text)

    def invoke(command: Command, *arguments: str) -> str:
        result = CliRunner().invoke(command, list(arguments))
        assert result.exit_code == 0, f"{result.output}\n{result.exception!r}"
        return result.output

    return invoke


@pytest.fixture
def trained(run: Run) -> netdef.Net:
    run(train.main, "solver.prototxt")
    return netdef.load("deploy.prototxt", weights="run_iter_5.caffemodel")


def test_it_keeps_what_every_layer_promises():
    check_layer('layer { name: "l" type: "Gated" bottom: "x" top: "y" inner_product_param { num_output: 4 } }', x=(2, 3))


def test_its_weights_are_pruned_by_default(trained):
    weight, bias, gate, gate_bias = trained.params["gated"]
    assert (int((weight == 0).sum()), int((gate == 0).sum())) == (8, 8)  # 0.4 of 20
    assert bias.all() and gate_bias.all()
    assert int((trained.params["ip"][0] == 0).sum()) == 5  # 0.4 of 12, rounded up


@pytest.mark.parametrize("policy, channels", [("CHANNEL", 2), ("N_OF_M n: 2 m: 4", None)])
def test_policies_follow_its_channel_layout(run, policy, channels):
    Path("solver.prototxt").write_text(SOLVER.replace("sparsity: 0.4", f"sparsity: 0.5 mask_policy: {policy}"))
    run(train.main, "solver.prototxt")
    gate = netdef.load("deploy.prototxt", weights="run_iter_5.caffemodel").params["gated"][2]
    outputs = (gate != 0).t()  # (outputs, inputs)
    if channels:
        assert sorted(row.sum().item() for row in outputs) == [0, 0, 5, 5]
    else:
        assert all(row[:4].sum() == 2 for row in outputs)


@pytest.mark.parametrize("file", ["out.pt", "out.safetensors", "out.caffemodel", "out.caffemodel.h5"])
def test_weights_survive_each_format(run, trained, file):
    run(convert.main, "deploy.prototxt", "run_iter_5.caffemodel", file)
    back = netdef.load("deploy.prototxt", weights=file)
    for mine, theirs in zip(trained.params["gated"], back.params["gated"], strict=True):
        assert torch.equal(mine, theirs)


def test_state_dicts_have_its_names(run, trained):
    run(convert.main, "deploy.prototxt", "run_iter_5.caffemodel", "out.pt")
    state = torch.load("out.pt", weights_only=True)
    assert state["gated.gate.weight"].shape == (4, 5)
    assert torch.equal(state["gated.gate.weight"], trained.params["gated"][2].t())


def test_it_is_written_as_torch_source(run, trained):
    run(convert.main, "deploy.prototxt", "run_iter_5.caffemodel", "model.py")
    text = Path("model.py").read_text()
    assert "class GatedLinear(nn.Module):" in text and "self.gated = GatedLinear(5, 4)" in text
    assert "netdef" not in text
    space: dict = {"__name__": "model", "__file__": str(Path("model.py").absolute())}
    exec(compile(text, "model.py", "exec"), space)
    assert "gated.linear.weight" in load_file("model.safetensors")
    x = torch.linspace(-2, 2, 30).reshape(6, 5)
    with torch.no_grad():
        torch.testing.assert_close(space["load"]()(x), trained(x)["y"])


def test_it_is_drawn_in_its_family(run):
    shown = run(draw.main, "deploy.prototxt")
    assert re.search(r"<b>gated</b><br/>Gated<br/>num_output 4, bias_term true\"\]:::pointwise", shown)
    masks = run(draw.main, "solver.prototxt")
    assert "gated_mask_0" in masks and "gated_mask_2" in masks
