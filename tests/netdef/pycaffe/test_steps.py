"""The steps of a pass: one a layer, or fewer where nobody looks into the pass."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import netdef
from netdef.graph.fusion import NormAndScale
from netdef.pycaffe.net import Net
from netdef.pycaffe.steps import quick_steps, steps_of

TEXT = """
layer {{ name: "data" type: "Input" top: "data" input_param {{ shape {{ dim: 2 dim: 3 dim: 5 dim: 4 }} }} }}
layer {{ name: "bn" type: "BatchNorm" bottom: "data" top: "{normed}" }}
layer {{ name: "scale" type: "Scale" bottom: "{normed}" top: "scaled" scale_param {{ bias_term: true
        filler {{ type: "uniform" min: 2 max: 3 }} bias_filler {{ type: "gaussian" }} }} }}
layer {{ name: "pool" type: "Pooling" bottom: "scaled" top: "pool" pooling_param {{ kernel_size: 2 }} }}
layer {{ name: "rest" type: "Silence" bottom: "scaled" }}
"""
IN_PLACE, APART = TEXT.format(normed="scaled"), TEXT.format(normed="normed")
MEAN, VARIANCE = (1, 2, 3), (4, 5, 6)


def data() -> np.ndarray:
    return np.random.default_rng(6).normal(size=(2, 3, 5, 4))


def normed() -> np.ndarray:
    """The data less the mean, by the standard deviation."""
    mean, variance = (np.reshape(numbers, (3, 1, 1)) for numbers in (MEAN, VARIANCE))
    return (data() - mean) / np.sqrt(variance + 1e-5)


def make(text: str) -> Net:
    torch.manual_seed(4)
    net = Net.of(netdef.loads(text, phase="TEST"))
    mean, variance, factor = (blob.data for blob in net.params["bn"])
    mean[:], variance[:], factor[:] = MEAN, VARIANCE, 1
    net.blobs["data"].data[...] = data()
    return net


def quick(net: Net) -> list[str]:
    """The names of the layers of the steps of a pass that nobody looks into."""
    turns = net.passes.turns
    steps = steps_of(turns, [blob.data_memory for blob in net.blobs.values()])
    assert [step.number for step in steps] == list(range(len(turns)))
    return [turns[step.number].name for step in quick_steps(net.module, turns, steps)]


def test_steps_without_work_and_the_second_layer_of_a_pair_in_place_are_left_out():
    assert make(IN_PLACE)._layer_names == ["data", "bn", "scale", "scaled_scale_0_split", "pool", "rest"]
    assert quick(make(IN_PLACE)) == ["bn", "pool", "rest"]
    assert quick(make(APART)) == ["bn", "scale", "pool", "rest"]  # a script may look at the blob between


def test_a_pass_has_the_bits_of_the_net_and_in_parts_nearly_so():
    net = make(IN_PLACE)
    with torch.no_grad():
        wanted = net.module(data=torch.from_numpy(net.blobs["data"].data))["pool"].numpy()
    assert np.array_equal(net.forward()["pool"], wanted)
    np.testing.assert_allclose(net.forward(end="bn")["scaled"], normed(), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(net.forward(start="scale")["pool"], wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("looks", ["after_forward", "before_forward", "torch"])
def test_hooks_see_the_blob_between(monkeypatch, looks):
    monkeypatch.setattr(NormAndScale, "forward", lambda *_: pytest.fail("two layers were run as one"))
    net, seen = make(IN_PLACE), []
    if looks == "torch":
        net.module.layers["bn"].register_forward_hook(lambda layer, bottoms, top: seen.append(top.numpy().copy()))
    else:
        number = net._layer_names.index("bn" if looks == "after_forward" else "scale")
        getattr(net, looks)(lambda layer: layer == number and seen.append(net.blobs["scaled"].data.copy()))
    scaled = net.forward(["scaled"])["scaled"]
    slope, bias = (blob.data.reshape(3, 1, 1) for blob in net.params["scale"])
    np.testing.assert_allclose(seen, [normed()], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(scaled, normed() * slope + bias, rtol=1e-4, atol=1e-5)


def test_gradients_after_a_pass_are_not_those_of_a_record_before_it():
    net = make(IN_PLACE.replace('"Silence" bottom: "scaled"', '"Reduction" bottom: "scaled" top: "loss" loss_weight: 1'))
    net.blobs["scaled"].data[...] = 9
    net.forward(start="scale")  # recorded, since it begins in the middle
    net.forward()
    net.backward()
    slope, bias = (blob.diff for blob in net.params["scale"])
    np.testing.assert_allclose(slope, normed().sum((0, 2, 3)), rtol=1e-4)
    np.testing.assert_allclose(bias, [2 * 5 * 4] * 3)
