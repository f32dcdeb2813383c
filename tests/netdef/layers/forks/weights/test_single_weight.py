"""EliwiseProduct: one learned number."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

import netdef
from netdef.testing import check_layer

PARAM = "eliwise_product_param { weight_filler { type: 'constant' value: -3 } }"


def test_the_top_and_the_forks_gradient():
    x = draw(2, 3, 4).requires_grad_()
    net = one_layer("EliwiseProduct", PARAM, "TRAIN", x=x)
    top, outer = net(x=x)["y0"], draw(2, 12, seed=2)
    assert top.equal(-3 * x.flatten(1))
    (top * outer).sum().backward()
    torch.testing.assert_close(x.grad, -3 * outer.reshape(x.shape))
    (weight,) = net.params["l"]
    torch.testing.assert_close(weight.grad, (outer * x.detach().flatten(1)).abs().sum().reshape(1))


def test_the_layer_keeps_its_promises():
    check_layer(f"layer {{ name: 'l' type: 'EliwiseProduct' bottom: 'x' top: 'y' {PARAM} }}", x=(2, 3, 4), gradients=False)


def test_a_bias_is_refused():
    with pytest.raises(netdef.SpecError, match="bias, which the fork makes empty"):
        one_layer("EliwiseProduct", "eliwise_product_param { bias_term: true }", x=(2, 3))
