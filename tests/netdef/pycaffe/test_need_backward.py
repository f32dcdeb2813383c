"""Layers of the backward pass, and bottoms that get gradients."""

from __future__ import annotations

import netdef
from netdef.pycaffe.need_backward import mark_backward
from netdef.pycaffe.wiring import wire


def marked(text, phase="TRAIN"):
    net = netdef.loads(text, phase=phase, device="meta")
    wiring = wire(net)
    mark_backward(net, wiring)
    return {wired.name: (wired.needs_backward, wired.propagate_down) for wired in wiring.layers}


TEXT = """
layer { name: "in" type: "Input" top: "data" top: "label" input_param { shape { dim: 3 dim: 4 } shape { dim: 3 } } }
layer { name: "scaled" type: "Power" bottom: "data" top: "scaled" }
layer { name: "ip" type: "InnerProduct" bottom: "scaled" top: "ip" inner_product_param { num_output: 5 } PARAM }
layer { name: "side" type: "Sigmoid" bottom: "ip" top: "side" }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
"""


def test_backward_runs_from_losses_to_what_learns():
    found = marked(TEXT.replace("PARAM", ""))
    assert found == {
        "in": (False, []), "scaled": (False, [False]), "ip": (True, [False]), "ip_ip_0_split": (True, [True]),
        "side": (False, [False]), "loss": (True, [True, False])}


def test_nothing_learns_where_all_rates_are_zero():
    found = marked(TEXT.replace("PARAM", "param { lr_mult: 0 } param { lr_mult: 0 }"))
    assert not any(needs for needs, _ in found.values())


def test_force_backward_wants_all_but_labels():
    found = marked("force_backward: true" + TEXT.replace("PARAM", "param { lr_mult: 0 } param { lr_mult: 0 }"))
    assert all(needs for needs, _ in found.values())
    assert found["scaled"] == (True, [True]) and found["loss"] == (True, [True, False])
