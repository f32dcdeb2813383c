"""One of several bottoms."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

import netdef


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_the_first_unless_a_script_selects_another(phase):
    a, b = draw(2, 3), draw(2, 3, seed=2)
    net = one_layer("Switch", "", phase, a=a, b=b)
    assert torch.equal(net(a=a, b=b)["y0"], a)
    net.layers["l"].selected = 1
    a.requires_grad_(), b.requires_grad_()
    top = net(a=a, b=b)["y0"]
    assert torch.equal(top, b)
    top.sum().backward()
    assert a.grad is None and torch.equal(b.grad, torch.ones(2, 3))


def test_bottoms_of_several_shapes_are_refused():
    with pytest.raises(netdef.SpecError, match="all must be of one shape"):
        one_layer("Switch", "", a=(2, 3), b=(2, 4))
