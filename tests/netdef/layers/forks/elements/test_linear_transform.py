"""Linear transforms by numbers, and by a weight."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

WEIGHTED = "linear_transform_param { num_output: 4 weight_filler { type: 'xavier' } "


@pytest.mark.parametrize(("kind", "field"), [("LinearTransform", "linear_transform_param"), ("ConstScale", "const_scale_param")])
def test_scale_and_bias(kind: str, field: str):
    x = draw(2, 3)
    top = top_of(kind, f"{field} {{ scale: 0.5 bias: -2 }}", x=x)
    assert torch.allclose(top, x / 2 - 2)
    assert torch.equal(top_of(kind, "", x=x), x)


def test_a_weight():
    x = draw(2, 3, 5).requires_grad_()
    net = one_layer("LinearTransform", WEIGHTED + "}", "TRAIN", x=x)
    weight = net.get_parameter("l.weight")
    assert torch.allclose(net(x=x)["y0"], torch.einsum("ni,oi->no", x.flatten(1), weight))
    assert weight.shape == (4, 15)
    assert gradcheck(lambda x: net(x=x)["y0"], (x,))


def test_no_gradient_of_the_bottom():
    x = draw(2, 3, 5).requires_grad_()
    net = one_layer("LinearTransform", WEIGHTED + "backprop: false axis: 2 }", "TRAIN", x=x)
    top = net(x=x)["y0"]
    top.sum().backward()
    assert top.shape == (2, 3, 4)
    assert x.grad is None
    assert torch.allclose(net.get_parameter("l.weight").grad, x.detach().sum((0, 1)).expand(4, 5))
