"""Shakeout, by its two parts."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from one_layer import draw, one_layer
from torch.autograd import gradcheck

import netdef

PRODUCT = "inner_product_param { num_output: 3 weight_filler { type: 'gaussian' std: 1 } }"
PARAM = f"{PRODUCT} shakeout_param {{ dropout_ratio: 0.25 shakeout_scale: 0.4 tanh_smooth_scale: 2 operate_layer_type: "
PARAM += "'InnerProduct' }"


def test_test_is_an_inner_product():
    x = draw(2, 5)
    net = one_layer("Shakeout", PARAM, x=x)
    assert torch.allclose(net(x=x)["y0"], F.linear(x, *net.params["l"]))


def test_each_input_is_drawn():
    x = torch.eye(40).double()  # row i of the top has what input i alone makes
    net = one_layer("Shakeout", PARAM, "TRAIN", x=x)
    weight, bias = net.params["l"]
    top = net(x=x)["y0"] - bias
    sign = weight.sign().t()
    dropped, kept = -0.4 * sign, weight.t() / 0.75 + 0.4 * sign / 3
    is_dropped = [torch.allclose(*pair) for pair in zip(top, dropped)]
    assert all(drop or torch.allclose(*pair) for drop, *pair in zip(is_dropped, top, kept)) and 0 < sum(is_dropped) < 40


def test_the_gradient_of_the_weight():
    x = torch.ones(1, 5).double()
    net = one_layer("Shakeout", PARAM.replace("dropout_ratio: 0.25", "dropout_ratio: 0"), "TRAIN", x=x)
    net(x=x)["y0"].sum().backward()
    assert torch.allclose(net.params["l"][0].grad, torch.ones(3, 5).double())
    layer = net.get_submodule("l")
    layer.ratio = 1.0  # all inputs dropped
    weight = net.params["l"][0]
    weight.grad = None
    net(x=x)["y0"].sum().backward()
    expected = -0.4 * 2 * (1 - (2 * weight.detach()).tanh().square())
    assert torch.allclose(weight.grad, expected)


def test_gradients():
    x = draw(2, 5).requires_grad_()
    net = one_layer("Shakeout", PARAM.replace("dropout_ratio: 0.25", "dropout_ratio: 0"), "TRAIN", x=x)
    assert gradcheck(lambda x: net(x=x)["y0"], (x,))


def test_what_is_not_implemented_is_refused():
    with pytest.raises(netdef.SpecError, match='has `operate_layer_type` "Convolution"'):
        one_layer("Shakeout", PARAM.replace("'InnerProduct'", "'Convolution'"), x=(2, 5))
