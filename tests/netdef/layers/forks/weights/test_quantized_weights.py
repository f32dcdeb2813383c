"""Layers with binary and ternary weights."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from one_layer import draw, one_layer

import netdef
from netdef.layers.forks.weights.quantized_weights import binary, ternary

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


ZZQIUZZ = 'inner_product_param { num_output: 4 weight_filler { type: "gaussian" std: 0.6 } } debug_param { xnorno_grad: %s }'


def signs_and_sizes(weight):
    """Output by output."""
    return torch.stack([torch.where(row >= 0, 1.0, -1.0).double() * row.abs().sum() / row.numel() for row in weight])


@pytest.mark.parametrize(("phase", "share"), [("TRAIN", 0.001), ("TEST", 0)])
def test_a_share_of_the_weights_in_training(phase, share):
    x = draw(2, 6)
    net = one_layer("BinaryInnerProduct", ZZQIUZZ % "false", phase, x=x)
    weight, bias = (blob.detach() for blob in net.params["l"])
    expected = x @ ((1 - share) * signs_and_sizes(weight) + share * weight).t() + bias
    torch.testing.assert_close(net(x=x)["y0"].detach(), expected)


@pytest.mark.parametrize(("phase", "share"), [("TRAIN", 0.001), ("TEST", 0)])
def test_weights_without_their_mean(phase, share):
    x, heads = draw(2, 6), draw(2, 4, seed=3)
    net = one_layer("BinaryInnerProduct", ZZQIUZZ % "true", phase, x=x)
    weight, bias = net.params["l"]
    with torch.no_grad():
        weight.copy_(1.5 * draw(4, 6, seed=4))
    before = weight.detach().clone()
    less = (before - before.mean(1, keepdim=True)).clamp(-1, 1)
    assert (less.abs() == 1).any() and (less.abs() < 1).any()
    top = net(x=x)["y0"]
    torch.testing.assert_close(top, x @ ((1 - share) * signs_and_sizes(less) + share * less).t() + bias)
    torch.testing.assert_close(weight.detach(), less if phase == "TRAIN" else before)
    if phase == "TRAIN":
        (gradient,) = torch.autograd.grad((top * heads).sum(), weight)
        mean = less.abs().mean(1, keepdim=True).where(less.abs() < 1, 0)
        torch.testing.assert_close(gradient, (heads.t() @ x) * (mean + 1 / 6) * (1 - 1 / 6) * 6)
