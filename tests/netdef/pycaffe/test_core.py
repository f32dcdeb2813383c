"""Names, blobs and layers of a net, and passes by names and by numbers."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
import pytest
import torch

import netdef
from netdef.pycaffe import mode
from netdef.pycaffe.net import Net

TEST = 1
IP1 = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "ip1" type: "InnerProduct" bottom: "data" top: "ip1"
        inner_product_param { num_output: 4 weight_filler { type: "gaussian" } } }
layer { name: "tanh" type: "TanH" bottom: "ip1" top: "ip1" }
"""
IP2 = """
layer { name: "ip2" type: "InnerProduct" bottom: "ip1" top: "ip2"
        inner_product_param { num_output: 5 weight_filler { type: "gaussian" } } }
"""
CONV = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 dim: 5 dim: 4 } } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 6 kernel_size: 2 } }
"""
TEXT = IP1 + IP2 + """
layer { name: "label" type: "Input" top: "label" input_param { shape { dim: 2 } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip2" bottom: "label" top: "loss" loss_weight: 3 }
"""


def make(text: str) -> Net:
    return Net.of(netdef.loads(text, phase="TRAIN"))


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32)


def test_names_are_the_originals_with_a_split_for_each_blob_read_twice(file):
    net = Net(file, TEST)
    split = ["conv_relu_0_split_0", "conv_relu_0_split_1"]
    assert list(net._layer_names) == ["data", "conv", "relu", "conv_relu_0_split", "left", "right"]
    assert list(net.blobs) == ["data", "conv", *split, "left", "right"]
    assert net.top_names == OrderedDict(
        data=["data"], conv=["conv"], relu=["conv"], conv_relu_0_split=split, left=["left"], right=["right"])
    assert net.bottom_names["left"] == split[:1] and net.bottom_names["right"] == split[1:] and not net.bottom_names["data"]
    assert net._top_ids(3) == [2, 3] and net._bottom_ids(5) == [3]
    assert (net.inputs, net.outputs) == (["data"], ["left", "right"]) and (net._inputs, net._outputs) == ([0], [4, 5])
    assert [layer.type for layer in net.layers] == ["Input", "Convolution", "ReLU", "Split", "InnerProduct", "Pooling"]
    assert list(net.params) == ["conv", "left"] and net.layer_dict["conv"].blobs is net.params["conv"]
    assert [blob.shape for blob in net.params["conv"]] == [(2, 3, 3, 3), (2,)]
    assert net.blob_loss_weights == OrderedDict.fromkeys(net.blobs, 0.0)
    blob = net.blobs["data"]
    assert (blob.num, blob.channels, blob.height, blob.width, blob.count, blob.shape) == (4, 3, 6, 5, 360, (4, 3, 6, 5))
    assert (net.blobs["left"].channels, net.blobs["left"].height) == (7, 1)


def test_forward_gives_what_the_module_computes(file):
    net, x = Net(file, TEST), np.random.default_rng(0).normal(size=(4, 3, 6, 5)).astype(np.float32)
    found = net.forward(["conv"], data=x)
    with torch.no_grad():
        wanted = net.module(data=torch.from_numpy(x))
    assert found.keys() == {"left", "right", "conv"}
    for name in wanted:
        assert np.array_equal(found[name], wanted[name].numpy()) and found[name].dtype == np.float32
    assert found["conv"].min() == 0 and np.array_equal(found["left"], net.blobs["left"].data)


def test_inputs_that_do_not_fit(file):
    net = Net(file, TEST)
    with pytest.raises(ValueError, match="the net's inputs are data; given are image"):
        net.forward(image=np.ones((4, 3, 6, 5)))
    with pytest.raises(ValueError, match="`data` holds a batch of"):
        net.forward(data=np.ones((2, 3, 6, 5)))


def test_numbers_instead_of_names():
    net = make(TEXT)
    net.blobs["data"].data[...], net.blobs["label"].data[...] = noise(2, 3), [1, 4]
    loss = net._forward(0, len(net.layers) - 1)
    assert loss == pytest.approx(3 * float(net.blobs["loss"].data))
    net._backward(len(net.layers) - 1, 0)
    assert net.params["ip1"][0].diff.any()


def test_gradients_for_the_outputs_by_name():
    net = make("force_backward: true" + IP1 + IP2)
    net.forward(data=noise(2, 3))
    found = net.backward(ip2=noise(2, 5))
    slope = (noise(2, 5) @ net.params["ip2"][0].data) * (1 - net.blobs["ip1"].data ** 2)
    np.testing.assert_allclose(found["data"], slope @ net.params["ip1"][0].data, rtol=1e-5, atol=1e-6)
    with pytest.raises(ValueError, match="the net's outputs are ip2; given are ip1"):
        net.backward(ip1=noise(2, 4))


def test_what_each_pass_returns():
    net = make("force_backward: true" + IP1 + IP2)
    assert net.forward(["data"], data=noise(2, 3)).keys() == {"ip2", "data"}
    assert net.forward(end="ip1").keys() == {"ip1"} and net.forward(["ip2"], start="ip2", end="ip2").keys() == {"ip2"}
    assert net.backward().keys() == {"data"}
    assert net.backward(["ip2"], end="ip2").keys() == {"ip1", "ip2"}


def test_a_net_follows_the_mode_to_its_device(monkeypatch):
    net = make(CONV)
    moved = []
    monkeypatch.setattr(net, "move", moved.append)
    net.follow_mode()
    assert moved == []
    monkeypatch.setattr(mode, "device", lambda: torch.device("meta"))
    net.follow_mode()
    assert moved == [torch.device("meta")]


def test_moved_tensors_stay_the_same_objects_in_their_memory_layout():
    net = make(CONV)
    weight = net.module.layers["conv"].weight
    net.params["conv"][0].data[...] = 7
    address, version = weight.data_ptr(), weight._version
    net.move(torch.device("cpu"))
    assert net.module.layers["conv"].weight is weight and weight.data_ptr() != address and (weight == 7).all()
    assert weight._version > version  # so that layers derive again what they keep, such as scales of statistics
    assert weight.is_contiguous(memory_format=torch.channels_last) and (net.params["conv"][0].data == 7).all()


def test_arrays_show_what_other_code_wrote_to_weights_of_any_layout():
    net = make(CONV)
    held = net.params["conv"][0].data
    with torch.no_grad():
        net.module.layers["conv"].weight.data.fill_(2)  # torch counts no operation in place
    net.refresh_weights()
    assert (held == 2).all()
