"""The lines of ``debug_info: true``; the recorded ones are in tests/dsd/cli/test_train.py."""

from __future__ import annotations

import re

import pytest
import torch
from toys import NET, toy

import netdef
from dsd.observers.caffe_log import CaffeLog
from dsd.observers.debug_info import DebugLines
from dsd.training.trainer import Trainer
from netdef.graph.watch import watched

# `y` is read by two layers, to which it is worth 2 and 3.
SHARED = """
    layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 1 dim: 3 } } }
    layer { name: "ip" type: "InnerProduct" bottom: "x" top: "y" param { name: "w" }
            inner_product_param { num_output: 2 bias_term: false weight_filler { type: "constant" value: 0.5 } } }
    layer { name: "double" type: "Power" bottom: "y" top: "d" power_param { scale: 2 } }
    layer { name: "triple" type: "Power" bottom: "y" top: "t" power_param { scale: 3 } }
    layer { name: "a" type: "Reduction" bottom: "d" top: "a" loss_weight: 1 }
    layer { name: "b" type: "Reduction" bottom: "t" top: "b" loss_weight: 1 }
"""


def test_blobs_that_several_layers_read_have_a_split():
    net = netdef.loads(SHARED, phase="TRAIN")
    lines = DebugLines(net)
    with watched(net, lines):
        outputs = net(torch.tensor([[1.0, -2.0, 4.0]]))
        net.loss(outputs).backward()
    assert [text.strip() for _, text, _ in lines.take()] == [
        "[Forward] Layer in, top blob x data: 2.33333",
        "[Forward] Layer ip, top blob y data: 1.5",
        "[Forward] Layer ip, param blob w data: 0.5",
        "[Forward] Layer y_ip_0_split, top blob y_ip_0_split_0 data: 1.5",
        "[Forward] Layer y_ip_0_split, top blob y_ip_0_split_1 data: 1.5",
        "[Forward] Layer double, top blob d data: 3",
        "[Forward] Layer triple, top blob t data: 4.5",
        "[Forward] Layer a, top blob a data: 6",
        "[Forward] Layer b, top blob b data: 9",
        "[Backward] Layer b, bottom blob t diff: 1",
        "[Backward] Layer a, bottom blob d diff: 1",
        "[Backward] Layer triple, bottom blob y_ip_0_split_1 diff: 3",
        "[Backward] Layer double, bottom blob y_ip_0_split_0 diff: 2",
        "[Backward] Layer y_ip_0_split, bottom blob y diff: 5",
        "[Backward] Layer ip, param blob 0 diff: 11.6667",
        # Six weights of 0.5; their gradients are 5, -10 and 20, twice.
        "[Backward] All net params (data, diff): L1 norm = (3, 70); L2 norm = (1.22474, 32.4037)",
    ]
    assert lines.take() == []


def log(folder, iterations: int, more: str, net: str = NET) -> list[str]:
    trainer = Trainer.from_file(
        toy(folder, phases=f"max_iter: {iterations}", more=more, net=net), observers=[CaffeLog(folder / "toy.log")])
    trainer.run()
    return [line.partition("] ")[2].strip() for line in (folder / "toy.log").read_text().splitlines()]


def test_passes_that_are_displayed_are_logged(tmp_path):
    """Iterations 0 and 2 of four, with two passes each; the gradients of the second pass are added to the first's."""
    lines = log(tmp_path, 4, "debug_info: true display: 2 iter_size: 2")
    found = (re.match(r"(Iteration \d+) \(|(\[Forward\]) Layer data, top blob label|(\[Backward\]) All", line) for line in lines)
    assert [match[match.lastindex] for match in found if match] == [
        *["[Forward]", "[Backward]"] * 2, "Iteration 0", *["[Forward]", "[Backward]"] * 2, "Iteration 2"]
    norms = [line for line in lines if line.startswith("[Backward] Layer conv, param blob 0 diff")]
    assert len(norms) == 4 and norms[0] != norms[1]


@pytest.mark.parametrize("solver, net, passes", [
    ("", "", 0), ("debug_info: true", "", 5), ("", "debug_info: true", 5)])
def test_the_solver_or_a_net_asks_for_it(tmp_path, solver, net, passes):
    """Two iterations, the pass whose loss is displayed last, and a test of two batches at the end."""
    lines = log(tmp_path, 2, f"{solver} display: 1 test_iter: 2 test_interval: 5 test_initialization: false", net + NET)
    shown = [line for line in lines if line.startswith("[Forward] Layer loss, top blob loss")]
    assert len(shown) == passes


def test_nothing_is_hooked_without_it(tmp_path):
    trainer = Trainer.from_file(toy(tmp_path, phases="max_iter: 1"), observers=[CaffeLog(tmp_path / "toy.log")])
    trainer.observers[0].started(trainer)
    modules = [module for net in (trainer.net, *trainer.test_nets) for module in net.modules()]
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in modules)
