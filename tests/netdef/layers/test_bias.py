"""Bias: its own blob or a second bottom. Which axes it covers is tested with Scale."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

import netdef


def test_a_learned_bias_of_each_channel():
    x = draw(2, 3, 5, 4)
    net = one_layer("Bias", "bias_param { filler { value: 2 } }", x=x)
    torch.testing.assert_close(net(x=x)["y0"], x + 2)
    with torch.no_grad():
        net.params["l"][0].copy_(torch.tensor([1.0, 2, 3]))
    torch.testing.assert_close(net(x=x)["y0"], x + torch.tensor([1.0, 2, 3])[:, None, None])


def test_a_bias_from_outside():
    x, b = draw(2, 3, 5, 4), draw(5, 4, seed=2)
    net = one_layer("Bias", "bias_param { axis: 2 }", x=x, b=b)
    torch.testing.assert_close(net(x=x, b=b)["y0"], x + b)
    assert "l" not in net.params


@pytest.mark.parametrize("param, said", [
    ("bias_param { axis: 2 num_axes: 3 }", r"covers 3 axes from axis 2 on, and its bottom has shape \(2, 3, 5, 4\)"),
    ("bias_param { axis: 4 }", "wants axis 4, but its bottom has 4 axes"),
])
def test_missing_axes_are_refused(param, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer("Bias", param, x=(2, 3, 5, 4))


def test_a_second_bottom_that_does_not_fit_is_refused():
    with pytest.raises(netdef.SpecError, match=r"cannot apply `b` of shape \(4,\) from axis 1 on to `x` of shape \(2, 3, 5\)"):
        one_layer("Bias", x=(2, 3, 5), b=(4,))
