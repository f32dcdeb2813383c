"""MovingNormalize: items over a running mean length."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer

import netdef

X = torch.tensor([[3.0, 4], [0, 1]]).double()


def test_the_length_moves_in_training_alone():
    net = one_layer("MovingNormalize", "", "TRAIN", tops=2, x=(2, 2))
    x = X.clone().requires_grad_()
    tops = net(x=x)
    assert tops["y1"].tolist() == pytest.approx([3])  # the mean of 5 and 1
    torch.testing.assert_close(tops["y0"].detach(), X / 3)
    (gradient,) = torch.autograd.grad(tops["y0"].sum(), x)
    torch.testing.assert_close(gradient, torch.full_like(X, 1 / 3))
    assert net(x=2 * X)["y1"].tolist() == pytest.approx([0.99 * 3 + 0.01 * 6])
    net.eval()
    assert net(x=5 * X)["y1"].tolist() == pytest.approx([0.99 * 3 + 0.01 * 6])


def test_before_training_the_length_is_that_of_the_items():
    net = one_layer("MovingNormalize", x=(2, 2))
    torch.testing.assert_close(net(x=X)["y0"], X / 3)
    assert net.params["l"][0].tolist() == [-1]


def test_maps_are_refused():
    with pytest.raises(netdef.SpecError, match="wants vectors"):
        one_layer("MovingNormalize", x=(2, 3, 4, 5))
