"""Times of layers, their gradients, and memory."""

from __future__ import annotations

import pytest
import torch

import netdef
from dsd.compute.precision import Precision
from dsd.timing import layer_times
from dsd.timing.layer_times import time_net, warm_up
from netdef.graph.gradients import gradients

NET = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "goal" type: "Input" top: "goal" input_param { shape { dim: 2 dim: 5 } } }
layer { name: "before" type: "Power" bottom: "data" top: "before" power_param { shift: 2 } }
layer { name: "mask" type: "Mask" top: "mask" mask_param { sparsity: 0.5 } }
layer { name: "ip1" type: "InnerProduct" bottom: "before" bottom: "mask" top: "ip1"
        inner_product_param { num_output: 5 weight_filler { type: "constant" value: 1 } } }
layer { name: "relu" type: "ReLU" bottom: "ip1" top: "ip1" }
layer { name: "half" type: "Power" bottom: "ip1" top: "half" power_param { scale: 0.5 } }
layer { name: "sum" type: "Eltwise" bottom: "half" bottom: "ip1" top: "sum" }
layer { name: "loss" type: "EuclideanLoss" bottom: "sum" bottom: "goal" top: "loss" loss_weight: 3 }
"""


@pytest.fixture
def net() -> netdef.Net:
    return netdef.loads(NET, phase="TRAIN", device="cpu")


def test_every_layer_has_its_times(net: netdef.Net):
    heard = []
    timing = time_net(net, 3, Precision(), lambda number, seconds: heard.append((number, seconds > 0)))
    assert heard == [(1, True), (2, True), (3, True)]
    assert [layer.key for layer in timing.layers] == [
        "data", "goal", "before", "ip1", "relu", "half", "sum", "loss"
    ]  # fmt: skip
    layers = {layer.key: layer for layer in timing.layers}
    assert all(len(layers[key].forward) == 3 and min(layers[key].forward) > 0 for key in ("before", "ip1", "loss"))
    assert {key for key, layer in layers.items() if any(layer.backward)} == {"ip1", "relu", "half", "sum", "loss"}
    assert layers["sum"].tops == 2 * 5 * 4 and layers["loss"].tops == 4
    assert len(timing.forward) == len(timing.backward) == 3
    assert timing.weights == (5 * 3 + 5) * 4
    assert timing.peak > 2 * 5 * 4
    assert all(parameter.grad is None for parameter in net.parameters())


def test_gradients_equal_those_of_the_whole_net(net: netdef.Net, monkeypatch: pytest.MonkeyPatch):
    """Layer by layer gives the gradients that the whole net gives."""
    batch = {name: torch.zeros(net.shapes[name]) for name in net.inputs}
    net.loss(net(**batch)).backward()
    whole = [parameter.grad.clone() for parameter in net.params["ip1"]]
    found = {}

    def kept(tops, seeds, sources):
        result = gradients(tops, seeds, sources)
        found.update((id(source), value) for source, value in zip(sources, result))
        return result

    monkeypatch.setattr(layer_times, "gradients", kept)
    # loss_weight 3, 1 / (2 items): with constant weights of 1 and inputs of 2 nothing is cut off by the ReLU.
    assert warm_up(net, Precision()) > 0
    for parameter, expected in zip(net.params["ip1"], whole):
        torch.testing.assert_close(found[id(parameter)], expected)
        assert expected.abs().min() >= 0 and expected.abs().max() > 0
