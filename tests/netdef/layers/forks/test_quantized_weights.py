"""Layers with binary and ternary weights."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from one_layer import draw, one_layer

import netdef
from netdef.layers.forks.quantized_weights import binary, ternary

CONVOLUTION = "convolution_param { num_output: 4 kernel_size: 3 stride: 2 weight_filler { type: 'gaussian' std: 1 }"
PRODUCT = "inner_product_param { num_output: 5 weight_filler { type: 'gaussian' std: 1 }"


def test_binary_weights_are_signs_times_the_mean_size_of_an_output():
    weight = torch.tensor([[1.0, -2, 0], [0.5, 0.25, -0.75]])
    assert torch.equal(binary(weight), torch.tensor([[1.0, -1, 1], [0.5, 0.5, -0.5]]))


def test_ternary_weights_are_0_where_they_are_small():
    weight = torch.tensor([[3.0, -1, 2], [0.1, 0.2, -0.3]])  # mean 2/3, mean distance from it 7.4/6
    threshold = 0.7 * sum(abs(value - 4 / 6) for value in weight.flatten().tolist()) / 6
    assert 0.3 < threshold < 1
    assert torch.allclose(ternary(weight), torch.tensor([[2.0, -2, 2], [0, 0, 0]]))


@pytest.mark.parametrize(("kind", "rule"), [("Binary", binary), ("Ternary", ternary)])
def test_layers_compute_with_them_and_train_the_weights_behind(kind: str, rule):
    x = draw(2, 3, 7, 6).requires_grad_()
    net = one_layer(f"{kind}Convolution", f"{CONVOLUTION} }}", "TRAIN", x=x)
    weight, bias = net.params["l"]
    top = net(x=x)["y0"]
    own = rule(weight.detach()).requires_grad_()
    expected = F.conv2d(x, own, bias, 2)
    assert torch.allclose(top, expected)
    top.square().sum().backward()
    given, weight_gradient = x.grad.clone(), weight.grad.clone()
    x.grad = None
    expected.square().sum().backward()
    assert torch.allclose(x.grad, given) and torch.allclose(own.grad, weight_gradient)

    y = draw(2, 6)
    net = one_layer(f"{kind}InnerProduct", f"{PRODUCT} }}", y=y)
    weight, bias = net.params["l"]
    assert torch.allclose(net(y=y)["y0"], F.linear(y, rule(weight), bias))


def test_some_outputs_keep_their_weights():
    y = torch.eye(8).double()
    net = one_layer("BinaryInnerProduct", f"{PRODUCT} bias_term: false sq: true ratio: 60 }}", y=y)
    (weight,) = net.params["l"]
    used = net(y=y)["y0"].t()
    kept = (used == weight).all(1)
    assert kept.sum() == 2  # of 5, (1 - 0.6) * 5
    assert torch.allclose(used[~kept], binary(weight)[~kept])


def test_an_output_whose_weights_are_binary_already_is_not_kept():
    y = torch.eye(6).double()
    net = one_layer("BinaryInnerProduct", f"{PRODUCT} bias_term: false sq: true ratio: 10 }}", y=y)
    (weight,) = net.params["l"]
    with torch.no_grad():
        weight.copy_(binary(weight))
    assert torch.equal(net(y=y)["y0"].t(), weight)


def test_what_does_not_fit_is_refused():
    with pytest.raises(netdef.SpecError, match="has `ratio` -1; it must be at least 0"):
        one_layer("BinaryConvolution", f"{CONVOLUTION} ratio: -1 }}", x=(2, 3, 7, 6))
    with pytest.raises(netdef.SpecError, match="has `transpose`"):
        one_layer("TernaryInnerProduct", f"{PRODUCT} transpose: true }}", x=(2, 3))
