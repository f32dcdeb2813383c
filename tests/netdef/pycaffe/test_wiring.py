"""Names, splits, inputs and outputs as the original has them, on the nets that people published."""

from __future__ import annotations

import json
import warnings

import pytest
from oracle import SHARED

import netdef
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net
from netdef.graph.build import build_net
from netdef.pycaffe.need_backward import mark_backward
from netdef.pycaffe.wiring import wire

RECORDED = SHARED / "golden" / "shapes" / "caffe_net_shapes_TEST.json"
CASES = [case for case in json.loads(RECORDED.read_text()) if case["status"] == "ok"] if RECORDED.exists() else []


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["path"])
def test_a_published_net(case):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net = build_net(filter_net(read_net(SHARED / "corpus" / case["path"]), "TEST"), "meta")
    wiring = wire(net)
    names = wiring.blob_names
    layers = [[turn.name, turn.type, [names[b] for b in turn.bottoms], [names[t] for t in turn.tops]] for turn in wiring.turns]
    assert layers == [layer[:4] for layer in case["layers"]]
    assert [names[blob] for blob in wiring.inputs] == case["inputs"]
    assert [names[blob] for blob in wiring.outputs] == case["outputs"]
    assert list(names) == list(case["blobs"])
    assert dict(zip(names, wiring.loss_weights)) == case["loss_weights"]


def marked(text, phase="TRAIN"):
    net = netdef.loads(text, phase=phase, device="meta")
    wiring = wire(net)
    mark_backward(net, wiring)
    return {turn.name: (turn.needs_backward, turn.propagate_down) for turn in wiring.turns}


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
