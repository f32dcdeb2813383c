"""SymmetricRectify by hand."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

X = torch.tensor([[[-2.0, -0.5, 0], [0.25, 1, -3]], [[0.5, 3, -0.75], [4, -2, 1.5]]]).double()


def net_of(param: str = "", phase: str = "TRAIN"):
    return one_layer("SymmetricRectify", f"symmetric_rectify_param {{ {param} }}", phase, x=X)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_numbers_come_nearer_to_0(phase: str):
    net = net_of("filler { type: 'constant' value: 0.5 }", phase)
    (threshold,) = net.params["l"]
    assert threshold.shape == (2,)
    threshold.data[1] = 2
    wanted = [[[-1.5, 0, 0], [0, 0, -1]], [[0, 2.5, -0.25], [2, 0, 0]]]
    assert net(x=X)["y0"].tolist() == wanted


def test_one_threshold_for_all_channels_and_none_below_0():
    net = net_of("channel_shared: true")
    (threshold,) = net.params["l"]
    assert threshold.shape == ()
    threshold.data.fill_(-1)
    assert torch.equal(net(x=X)["y0"], X) and threshold.item() == 0


def test_gradients():
    """A threshold's is minus the signs of the numbers that are not 0, less `thre_decay`."""
    net = net_of("filler { type: 'constant' value: 0.5 } thre_decay: 0.25")
    x, slope = X.clone().requires_grad_(), draw(2, 2, 3)
    top = net(x=x)["y0"]
    (top * slope).sum().backward()
    torch.testing.assert_close(x.grad, slope * (top != 0))
    torch.testing.assert_close(net.params["l"][0].grad, -(slope * top.sign()).sum((0, 2)) - 0.25)
