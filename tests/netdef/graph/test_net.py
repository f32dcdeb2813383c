"""A net is a pure function of its inputs and parameters, and an ordinary module."""

from __future__ import annotations

import copy

import pytest
import torch

import netdef

NET = """
    layer { name: "in" type: "Input" top: "x" top: "t" input_param { shape { dim: 2 dim: 3 } shape { dim: 2 dim: 5 } } }
    layer { name: "a" type: "InnerProduct" bottom: "x" top: "a"
            inner_product_param { num_output: 5 weight_filler { type: "xavier" } } }
    layer { name: "a.relu" type: "ReLU" bottom: "a" top: "a" }
    layer { name: "loss" type: "EuclideanLoss" bottom: "a" bottom: "t" top: "loss" loss_weight: 3 }
"""


def masked_net(sparsity: str = ""):
    text = NET.replace('layer { name: "a" type', 'layer { name: "m" type: "Mask" top: "m" } layer { name: "a" type', 1)
    return netdef.loads(text.replace('bottom: "x" top: "a"', 'bottom: "x" bottom: "m" top: "a"'), phase="TRAIN")


def test_inputs_are_given_by_position_and_by_name():
    net = netdef.loads(NET)
    x, t = torch.randn(2, 3), torch.randn(2, 5)
    assert net.inputs == ["x", "t"] and net.outputs == ["loss"]
    assert torch.equal(net(x, t)["loss"], net(t=t, x=x)["loss"])


def test_activations_are_every_blob_at_its_last_version():
    net = netdef.loads(NET)
    x, t = torch.randn(2, 3), torch.randn(2, 5)
    blobs = net.activations(x, t)
    weight, bias = net.params["a"]
    assert list(blobs) == ["x", "t", "a", "loss"]
    torch.testing.assert_close(blobs["a"], torch.relu(x @ weight.T + bias))


def test_the_loss_is_the_weighted_sum_of_loss_tops():
    net = netdef.loads(NET)
    outputs = net(torch.ones(2, 3), torch.zeros(2, 5))
    torch.testing.assert_close(net.loss(outputs), 3 * outputs["loss"])
    none = netdef.loads('layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 } } }')
    assert none.loss(none(torch.zeros(2))) == 0


def test_children_have_the_layers_names_as_far_as_a_module_can():
    net = netdef.loads(NET)
    assert net.a is net.layers["a"] and net.a_relu is net.layers["a.relu"] and net.loss_ is net.layers["loss"]
    assert set(net.state_dict()) == {"a.weight", "a.bias"}


def test_a_copy_computes_the_same_on_parameters_of_its_own():
    net = netdef.loads(NET)
    twin = copy.deepcopy(net)
    x, t = torch.randn(2, 3), torch.randn(2, 5)
    assert torch.equal(net(x, t)["loss"], twin(x, t)["loss"])
    with torch.no_grad():
        twin.params["a"][0].zero_()
    assert not torch.equal(net.params["a"][0], twin.params["a"][0])


def test_a_mask_hides_weights_and_their_gradients_even_nan():
    torch.manual_seed(1)  # of some draws no ReLU is open
    net = masked_net()
    kept = torch.tensor([[1, 0, 1], [1, 1, 1], [0, 0, 0], [0, 1, 1], [1, 1, 0]], dtype=torch.bool)
    net.masks["m"].set(kept)
    weight, bias = net.params["a"]
    with torch.no_grad():
        weight[~kept] = float("nan")
    x = torch.randn(2, 3)
    blobs = net.activations(x, torch.randn(2, 5))
    torch.testing.assert_close(blobs["a"], torch.relu(x @ torch.where(kept, weight, 0.0).T + bias))
    assert torch.equal(blobs["m"], kept)
    net.loss(blobs).backward()
    assert (weight.grad[~kept] == 0).all() and (weight.grad[kept] != 0).any()


def test_a_mask_that_keeps_all_is_absent():
    net = masked_net()
    assert net.masks["m"].cover(net.params["a"][0]) is net.params["a"][0]
    assert net.activations(torch.randn(2, 3), torch.randn(2, 5))["m"].all()


def test_the_folded_mask_gives_the_same_bits_as_the_reference():
    """Zeroed weights and masked gradients are the same numbers as ``where(mask, weight, 0)`` under autograd."""
    net = masked_net()
    kept = torch.rand(5, 3) < 0.6
    net.masks["m"].set(kept)
    x, t = torch.randn(2, 3), torch.randn(2, 5)
    reference = net(x, t)["loss"]
    net.loss({"loss": reference}).backward()
    weight = net.params["a"][0]
    masked_gradient, weight.grad = weight.grad, None
    with torch.no_grad():
        weight.masked_fill_(~kept, 0)
    net.masks["m"].folded = True
    folded = net(x, t)["loss"]
    net.loss({"loss": folded}).backward()
    assert torch.equal(folded, reference)
    assert torch.equal(weight.grad.masked_fill(~kept, 0), masked_gradient)


def test_a_mask_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"mask `m` has shape \(3, 5\), its weight \(5, 3\)"):
        masked_net().masks["m"].set(torch.ones(3, 5, dtype=torch.bool))


def test_a_mask_keeps_the_memory_order():
    net = netdef.loads("""
        layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 9 dim: 8 } } }
        layer { name: "m" type: "Mask" top: "m" }
        layer { name: "c" type: "Convolution" bottom: "x" bottom: "m" top: "c"
                convolution_param { num_output: 4 kernel_h: 2 kernel_w: 5 weight_filler { type: "gaussian" } } }""")
    weight = net.params["c"][0]
    net.masks["m"].set(torch.ones(4, 3, 2, 5, dtype=torch.bool))
    assert net.masks["m"].cover(weight).stride() == weight.stride()
