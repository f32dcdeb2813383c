"""A trainer's pass, recorded: what the net computes, and in the blobs what passes by hand leave there."""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np
import pytest
import torch

import netdef
from netdef.layers.python.stand_in import UserLayer
from netdef.pycaffe.net import Net
from netdef.pycaffe.recorder import PassRecorder

SPLIT = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "label" type: "Input" top: "label" input_param { shape { dim: 2 dim: 4 } } }
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip"
        inner_product_param { num_output: 4 weight_filler { type: "gaussian" } } }
layer { name: "twice" type: "Eltwise" bottom: "ip" bottom: "ip" top: "twice" eltwise_param { operation: PROD } }
layer { name: "scaled" type: "Power" bottom: "ip" top: "scaled" power_param { scale: 3 } }
layer { name: "sum" type: "Eltwise" bottom: "ip" bottom: "twice" bottom: "scaled" top: "sum"
        eltwise_param { coeff: 5 coeff: 1 coeff: 1 } }
layer { name: "loss" type: "EuclideanLoss" bottom: "sum" bottom: "label" top: "loss" }
layer { name: "silence" type: "Silence" bottom: "ip" }
"""
NORM = """
layer {{ name: "data" type: "Input" top: "data" input_param {{ shape {{ dim: 7 dim: 3 }} }} }}
layer {{ name: "label" type: "Input" top: "label" input_param {{ shape {{ dim: 7 dim: 4 }} }} }}
layer {{ name: "ip" type: "InnerProduct" bottom: "data" top: "ip"
        inner_product_param {{ num_output: 4 weight_filler {{ type: "xavier" }} }} }}
layer {{ name: "bn" type: "BatchNorm" bottom: "ip" top: "{normed}" }}
layer {{ name: "scale" type: "Scale" bottom: "{normed}" top: "{scaled}"
        scale_param {{ bias_term: true filler {{ type: "gaussian" }} }} }}
layer {{ name: "tanh" type: "TanH" bottom: "{scaled}" top: "{scaled}" }}
layer {{ name: "loss" type: "EuclideanLoss" bottom: "{scaled}" bottom: "label" top: "loss" }}
"""


def make(text: str, seed: int = 3) -> tuple[Net, PassRecorder]:
    """A net with its inputs drawn, and its recorder."""
    torch.manual_seed(seed)
    net = Net.of(netdef.loads(text, phase="TRAIN", allow_python=True))
    draw = np.random.default_rng(5)
    for name in net.inputs:
        net.blobs[name].data[...] = draw.normal(size=net.blobs[name].shape)
    return net, PassRecorder(net)


def step(recorder: PassRecorder) -> dict[str, torch.Tensor]:
    """Both passes as a trainer runs them; the outputs."""
    outputs = recorder.forward()
    outputs["loss"].backward()
    recorder.keep_gradients()
    return outputs


def test_outputs_are_the_nets_to_the_bit_and_blobs_hold_the_pass():
    net, recorder = make(SPLIT)
    outputs = recorder.forward()
    plain = net.module(**{name: torch.from_numpy(net.blobs[name].data.copy()) for name in net.inputs})
    assert outputs.keys() == plain.keys() == {"loss"} and torch.equal(outputs["loss"], plain["loss"])
    weight, bias = (blob.data for blob in net.params["ip"])
    np.testing.assert_allclose(net.blobs["ip"].data, net.blobs["data"].data @ weight.T + bias, rtol=1e-5, atol=1e-6)
    assert net.blobs["loss"].data == outputs["loss"].item()


def test_each_reader_of_a_blob_has_its_gradient():
    """x is read by x * x, 3x and 5x, whose sum s costs (s - label)^2 / (2 * 2): ds/dx = x + x + 3 + 5."""
    net, recorder = make(SPLIT)
    step(recorder)
    x, label = net.blobs["ip"].data.astype(float), net.blobs["label"].data
    slope = (x * x + 8 * x - label) / 2
    parts = [net.blobs[f"ip_ip_0_split_{i}"].diff for i in range(5)]
    for part, wanted in zip(parts, (x * slope, x * slope, 3 * slope, 5 * slope, 0 * slope)):
        np.testing.assert_allclose(part, wanted, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(net.blobs["ip"].diff, (2 * x + 8) * slope, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("normed, scaled", [("ip", "ip"), ("ip", "scaled"), ("normed", "normed"), ("normed", "scaled")])
def test_blobs_are_those_of_a_pass_by_hand(normed, scaled):
    """Of layers in place the gradient of the first version stays, as in Caffe; BatchNorm and Scale run as one."""
    net, recorder = make(NORM.format(normed=normed, scaled=scaled))
    by_hand, _ = make(NORM.format(normed=normed, scaled=scaled))
    step(recorder)
    by_hand.forward()
    by_hand.backward()
    assert len(net.module.fused) == 1
    for name, blob in by_hand.blobs.items():
        for one, other in ((blob.data, net.blobs[name].data), (blob.diff, net.blobs[name].diff)):
            np.testing.assert_allclose(other, one, rtol=1e-4, atol=1e-5 * np.abs(one).max(), err_msg=name)
    for one, other in zip(by_hand.params["bn"], net.params["bn"]):
        np.testing.assert_allclose(other.data, one.data, rtol=1e-5)


class Two(UserLayer):
    """3 and 5 times its bottom."""

    def setup(self, bottom, top):
        pass

    def reshape(self, bottom, top):
        for blob in top:
            blob.reshape(*bottom[0].shape)

    def forward(self, bottom, top):
        top[0].data[...], top[1].data[...] = 3 * bottom[0].data, 5 * bottom[0].data

    def backward(self, top, propagate_down, bottom):
        bottom[0].diff[...] = 3 * top[0].diff


def test_a_top_that_no_loss_depends_on_has_no_gradient(monkeypatch):
    """Of a layer of two tops, one of which only Silence reads."""
    module = ModuleType("layers_of_recorder")
    vars(module)["Two"] = Two
    monkeypatch.setitem(sys.modules, "layers_of_recorder", module)
    net, recorder = make("""
layer { name: "data" type: "Input" top: "data" top: "label" input_param { shape { dim: 2 dim: 3 } shape { dim: 2 dim: 4 } } }
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 4 } }
layer { name: "two" type: "Python" bottom: "ip" top: "y" top: "z" python_param { module: "layers_of_recorder" layer: "Two" } }
layer { name: "silence" type: "Silence" bottom: "z" }
layer { name: "loss" type: "EuclideanLoss" bottom: "y" bottom: "label" top: "loss" }""")
    net.blobs["label"].data[...] = 8
    step(recorder)
    assert (net.blobs["y"].diff == -8 / 2).all() and (net.blobs["ip"].diff == -3 * 8 / 2).all()
    assert not net.blobs["z"].diff.any()


def test_with_hooks_for_the_backward_pass_both_ways_are_run_by_hand():
    (net, recorder), (plain, plain_recorder) = make(SPLIT), make(SPLIT)
    called = []
    net.after_forward(lambda index: called.append(index))
    step(recorder)
    layers = list(range(len(net.layers)))
    assert called == layers
    net.after_backward(lambda index: called.append(-index))
    net.clear_param_diffs()
    net.module.zero_grad()
    step(recorder)
    step(plain_recorder)
    assert called == [*layers, *layers, *(-index for index in reversed(layers))]
    for one, other in zip(plain.params["ip"], net.params["ip"]):
        np.testing.assert_allclose(other.diff, one.diff, rtol=1e-5, atol=1e-6)
