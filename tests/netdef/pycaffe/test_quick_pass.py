"""A pass through the whole net that nothing looks into: as the net itself computes, and every blob is stored."""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np
import pytest
import torch

import netdef
from netdef.graph.fusion import NormAndScale
from netdef.graph.layer_errors import LayerError
from netdef.layers.python.stand_in import UserLayer
from netdef.pycaffe.net import Net

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


@pytest.mark.parametrize(("text", "pairs"), [(IN_PLACE, 1), (APART, 0)])
def test_layers_run_as_one_unless_a_script_can_look_at_the_blob_between(text, pairs, monkeypatch):
    run, calls = NormAndScale.forward, []
    monkeypatch.setattr(NormAndScale, "forward", lambda self, x: calls.append(self) or run(self, x))
    net = make(text)
    net.forward()
    assert len(calls) == pairs
    if not pairs:
        np.testing.assert_allclose(net.blobs["normed"].data, normed(), rtol=1e-4, atol=1e-5)


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


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("size", [6, 60])  # the large blobs are copied to arrays during the pass
def test_every_blob_is_stored_at_its_last_version(size, held):
    net = Net.of(netdef.loads(f"""
layer {{ name: "in" type: "Input" top: "x" input_param {{ shape {{ dim: 2 dim: 3 dim: {size} dim: {size + 1} }} }} }}
layer {{ name: "conv" type: "Convolution" bottom: "x" top: "y"
        convolution_param {{ num_output: 17 kernel_size: 1 weight_filler {{ type: "gaussian" }} }} }}
layer {{ name: "relu" type: "ReLU" bottom: "y" top: "y" }}
layer {{ name: "twice" type: "Power" bottom: "y" top: "z" power_param {{ scale: 2 }} }}
layer {{ name: "minus" type: "Power" bottom: "z" top: "z" power_param {{ shift: -1 }} }}
""", phase="TEST"))
    arrays = [blob.data for blob in net.blobs.values()] if held else []
    weight = net.params["conv"][0].data.reshape(17, 3)
    for seed in (1, 2):
        x = np.random.default_rng(seed).normal(size=(2, 3, size, size + 1))
        net.blobs["x"].data[...] = x
        net.forward()
        y = np.maximum(np.einsum("oc,nchw->nohw", weight, x), 0)
        for found, wanted in zip(arrays or [blob.data for blob in net.blobs.values()], (x, y, 2 * y - 1)):
            np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-5)
    assert all(np.shares_memory(blob.data, array) for blob, array in zip(net.blobs.values(), arrays))


def test_a_layer_in_place_on_an_input_writes_to_its_array():
    net = Net.of(netdef.loads("""
layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "double" type: "Power" bottom: "x" top: "x" power_param { scale: 2 } }
""", phase="TEST"))
    x = net.blobs["x"].data
    x[...] = [[1, 2, 3], [4, 5, 6]]
    for factor in (2, 4):
        assert net.forward()["x"].tolist() == [[factor * n for n in row] for row in ([1, 2, 3], [4, 5, 6])]
    assert np.shares_memory(net.blobs["x"].data, x)


def test_data_layers_and_masks_fill_their_blobs():
    net = Net.of(netdef.loads("""
layer { name: "in" type: "MemoryData" top: "x" top: "label"
        memory_data_param { batch_size: 2 channels: 3 height: 1 width: 1 } }
layer { name: "minus" type: "Power" bottom: "x" top: "x" power_param { shift: -1 } }
layer { name: "mask" type: "Mask" top: "mask" }
layer { name: "ip" type: "InnerProduct" bottom: "x" bottom: "mask" top: "ip"
        inner_product_param { num_output: 2 bias_term: false } }
layer { name: "rest" type: "Silence" bottom: "label" }
""", phase="TEST"))
    net.set_input_arrays(np.arange(12, dtype=np.float32).reshape(4, 3, 1, 1), np.arange(4, dtype=np.float32))
    kept = np.array([[1, 0, 1], [0, 1, 1]])
    net.module.masks["mask"].set(torch.from_numpy(kept))
    net.params["ip"][0].data[...] = [[1, 2, 3], [4, 5, 6]]
    for first in (0, 6, 0):
        x = np.arange(first, first + 6).reshape(2, 3) - 1
        assert net.forward()["ip"].tolist() == (x @ (kept * [[1, 2, 3], [4, 5, 6]]).T).tolist()
        assert net.blobs["x"].data.reshape(2, 3).tolist() == x.tolist()
        assert net.blobs["label"].data.flatten().tolist() == [first / 3, first / 3 + 1]
        assert net.blobs["mask"].data.tolist() == kept.tolist()


class Looking(UserLayer):
    """Writes to a blob that is none of its own, in the middle of a pass."""

    net: Net

    def setup(self, bottom, top):
        pass

    def reshape(self, bottom, top):
        top[0].reshape(*bottom[0].shape)

    def forward(self, bottom, top):
        top[0].data[...] = bottom[0].data
        self.net.blobs["first"].data[...] += 10


def test_what_a_python_layer_writes_to_another_blob_arrives(monkeypatch):
    module = ModuleType("looking_layers")
    module.Looking = Looking
    monkeypatch.setitem(sys.modules, "looking_layers", module)
    net = Net.of(netdef.loads("""
layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "first" type: "Power" bottom: "x" top: "first" power_param { shift: 1 } }
layer { name: "look" type: "Python" bottom: "x" top: "same" python_param { module: "looking_layers" layer: "Looking" } }
layer { name: "last" type: "Power" bottom: "first" top: "last" power_param { scale: 2 } }
""", phase="TEST", allow_python=True))
    net.layer_dict["look"].net = net
    net.blobs["x"].data[...] = [[1, 2, 3], [4, 5, 6]]
    assert net.forward()["last"].tolist() == [[24, 26, 28], [30, 32, 34]]


def test_an_error_names_the_layer_and_the_shapes():
    net = make(APART)
    net.blobs["data"].reshape(2, 4, 5, 3)
    with pytest.raises(LayerError, match=r"layer `bn` \(BatchNorm\) cannot work on `data` \(2, 4, 5, 3\) float32 on cpu"):
        net.forward()
