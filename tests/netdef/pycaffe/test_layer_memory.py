"""Weights and gradients where numpy cannot share their memory, as on a GPU; and what several nets share."""

from __future__ import annotations

import gc

import numpy as np
import pytest
import torch

import netdef
from netdef.pycaffe import layer_memory, memory
from netdef.pycaffe.layer_memory import LayerMemory
from netdef.pycaffe.net import Net

TEXT = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip"
        inner_product_param { num_output: 4 weight_filler { type: "gaussian" } } }
layer { name: "loss" type: "Reduction" bottom: "ip" top: "loss" loss_weight: 1 }
"""


def make(text=TEXT):
    return Net.of(netdef.loads(text, phase="TRAIN"))


def test_weights_are_downloaded_once_and_uploaded_before_the_next_pass(elsewhere):
    net = make()
    blob, weight = net.params["ip"][0], net.module.layers["ip"].weight
    array = blob.data
    assert not np.shares_memory(array, weight.detach().numpy())
    array[...] = 3
    assert not (weight == 3).any()
    blob.data_memory.upload()
    assert (weight == 3).all()
    with torch.no_grad():
        weight.fill_(5)
    blob.data_memory.changed()
    assert (blob.data == 5).all() and np.shares_memory(array, blob.data)


def test_gradients_are_downloaded_and_uploaded(elsewhere):
    net = make()
    diff, weight = net.params["ip"][0].diff, net.module.layers["ip"].weight
    assert not diff.any()
    diff[...] = 2
    net.forward(data=np.ones((2, 3)))
    net.backward()
    assert (net.params["ip"][0].diff == 2 + 2).all()  # two items of ones
    assert (weight.grad == 4).all() and weight.grad.data_ptr() != net.params["ip"][0].diff.ctypes.data


def test_weights_that_were_looked_at_are_uploaded_once(elsewhere):
    """Reading marks the array as newer, since a script may write to what it reads."""
    net = make()
    blob, weight = net.params["ip"][0], net.module.layers["ip"].weight
    net.forward(data=np.ones((2, 3)))
    versions = [weight._version]
    blob.data[...] = 3
    for _ in range(2):
        net.forward()
        versions.append(weight._version)
    assert np.diff(versions).tolist() == [1, 0] and (weight == 3).all()
    with torch.no_grad():
        weight.fill_(5)
    net.refresh_weights()
    assert (blob.data == 5).all()


def test_what_one_net_writes_the_other_uploads(elsewhere):
    net, other = make(), make()
    other.share_with(net)
    net.params["ip"][0].data[...] = 7
    other.params["ip"][0].data_memory.upload()
    assert (other.module.layers["ip"].weight == 7).all()


def test_only_weights_that_scripts_have_as_arrays_are_uploaded(elsewhere, monkeypatch):
    uploaded = []
    upload = LayerMemory.upload
    monkeypatch.setattr(LayerMemory, "upload", lambda memory: uploaded.append(memory.name) or upload(memory))
    net, other = make(), make()
    net.params["ip"][1].data[...] = 3
    for _ in range(2):
        other.forward(data=np.ones((2, 3)))
        assert uploaded == []
    for _ in range(2):
        net.forward(data=np.zeros((2, 3)))
        assert uploaded == ["bias"] and (net.blobs["ip"].data == 3).all()
        uploaded.clear()
    other.share_with(net)
    net.params["ip"][1].data[...] = 4
    other.forward(data=np.zeros((2, 3)))
    assert uploaded == ["bias"] and (other.blobs["ip"].data == 4).all()


def test_blobs_outlive_their_net():
    net = make()
    net.forward(data=np.ones((2, 3)))
    params, blobs = list(net.params["ip"]), list(net.blobs.values())
    del net
    gc.collect()
    assert sum(float(blob.data.sum() + blob.diff.sum()) for blob in [*params, *blobs]) != 0


def test_a_shared_blob_is_one_also_in_another_shape():
    net = make("""
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "a" type: "InnerProduct" bottom: "data" top: "a" param { name: "w" }
        inner_product_param { num_output: 4 bias_term: false weight_filler { type: "gaussian" } } }
layer { name: "b" type: "InnerProduct" bottom: "a" top: "b" param { name: "w" share_mode: PERMISSIVE }
        inner_product_param { num_output: 3 bias_term: false } }
layer { name: "loss" type: "Reduction" bottom: "b" top: "loss" loss_weight: 1 }
""")
    a, b = net.params["a"][0], net.params["b"][0]
    b.data[2, 3] = 9
    assert (a.shape, b.shape) == ((4, 3), (3, 4)) and a.data[3, 2] == 9
    net.forward(data=np.ones((2, 3)))
    net.backward()
    assert np.array_equal(a.diff.ravel(), b.diff.ravel()) and a.diff.any()


def test_statistics_are_blobs_without_gradients():
    net = make('layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 5 dim: 2 } } } '
               'layer { name: "bn" type: "BatchNorm" bottom: "d" top: "bn" }')
    mean, _, factor = net.params["bn"]
    net.forward(d=np.full((5, 2), 3))
    assert factor.data == 1 and (mean.data == 3).all() and not mean.diff.any()
    factor.data[...] = 0
    net.forward()
    assert factor.data == 1


def test_statistics_that_a_pass_changes_are_downloaded_again(elsewhere):
    net = make('layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 5 dim: 2 } } } '
               'layer { name: "bn" type: "BatchNorm" bottom: "d" top: "bn" }')
    mean, _, factor = net.params["bn"]
    factor.data[...] = 0  # written, so that the pass uploads it
    for number in (3, 7):
        net.forward(d=np.full((5, 2), number))
        assert factor.data == pytest.approx(1 if number == 3 else 1 + 0.999, rel=1e-5)
        assert mean.data == pytest.approx(3 if number == 3 else 3 * 0.999 + 7, rel=1e-5)


def test_gradients_that_other_code_adds_are_downloaded_again(elsewhere):
    """As a trainer does: autograd replaces a gradient, or adds to it in place."""
    net = make()
    blob, weight = net.params["ip"][0], net.module.layers["ip"].weight
    array = blob.diff
    weight.grad = torch.full_like(weight, 2)
    assert (blob.diff == 2).all() and np.shares_memory(array, blob.diff)
    weight.grad += 1
    assert (blob.diff == 3).all() and blob.data_memory.gradient.get() is weight.grad and (weight.grad == 3).all()


@pytest.fixture
def move(monkeypatch):
    """Move nets from where numpy shares memory with tensors to where it does not, and back."""
    shared, moving = [True], [False]
    for module in (memory, layer_memory):
        monkeypatch.setattr(module, "shares_memory", lambda device: shared[0])
    copy_to = torch.Tensor.to

    def to(tensor: torch.Tensor, *arguments, **named) -> torch.Tensor:
        if moving[0]:  # tensors are elsewhere from here on
            shared[0], moving[0] = not shared[0], False
        return copy_to(tensor, *arguments, **named)

    def moved(*nets: Net) -> None:
        moving[0] = True
        for net in nets:
            net.move(torch.device("cpu"))

    monkeypatch.setattr(torch.Tensor, "to", to)
    return moved


def test_a_net_that_moves_between_devices_takes_what_was_written_along(move):
    net = make()
    for step in range(1, 5):  # to the other place and back, twice
        net.params["ip"][0].data[...] = step
        net.params["ip"][0].diff[...] = step
        net.blobs["data"].data[...] = 1
        move(net)
        assert (net.params["ip"][0].data == step).all() and (net.params["ip"][0].diff == step).all()
        net.params["ip"][1].data[...] = 10 * step
        assert (net.forward()["loss"] == 2 * 4 * (3 * step + 10 * step)).all()
        net.backward()
        assert (net.params["ip"][0].diff == step + 2).all()
        net.clear_param_diffs()
        assert not net.params["ip"][0].diff.any()


def test_the_array_of_a_gradient_is_not_moved(move):
    """On the CPU it is the gradient's own memory."""
    net = make()
    array = net.params["ip"][0].diff
    move(net)
    gradient = net.module.layers["ip"].weight.grad
    assert gradient is not None and gradient.data_ptr() != array.ctypes.data
    array[...] = 3  # lost, as in Caffe, since `diff` is not asked for again
    net.backward()
    move(net)
    assert np.shares_memory(array, net.params["ip"][0].diff)


NORMED = """
layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 5 dim: 2 } } }
layer { name: "bn" type: "BatchNorm" bottom: "d" top: "bn" batch_norm_param { use_global_stats: true } }
layer { name: "ip" type: "InnerProduct" bottom: "bn" top: "ip" inner_product_param { num_output: 3 } }
"""


def test_nets_that_share_weights_and_statistics_share_them_after_a_move(move):
    nets = make(NORMED), make(NORMED)
    nets[1].share_with(nets[0])
    for blob in nets[0].params["bn"]:
        blob.data[...] = 1
    for step in range(1, 5):
        move(*nets)
        nets[0].params["bn"][0].data[...] = nets[0].params["ip"][1].data[...] = step
        for net in nets:
            found = net.forward(d=np.full((5, 2), step))
            assert (found["ip"] == step).all()  # the weights are 0
            np.testing.assert_allclose(net.blobs["bn"].data, 0, atol=1e-6)


def test_statistics_written_to_an_array_reach_the_next_pass():
    text = """layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 1 dim: 1 } } }
              layer { name: "norm" type: "BatchNorm" bottom: "x" top: "y" }"""
    net = Net.of(netdef.loads(text, phase="TEST"))
    mean, variance, factor = (blob.data for blob in net.params["norm"])
    factor[...], variance[...] = 1, 1
    net.blobs["x"].data[...] = 5
    for wanted in (2, 4):
        mean[...] = wanted
        np.testing.assert_allclose(net.forward()["y"], 5 - wanted, rtol=1e-4)
