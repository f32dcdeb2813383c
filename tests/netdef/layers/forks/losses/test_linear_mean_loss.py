"""The mean of scores, with the gradient that labels turn."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer


@pytest.mark.parametrize("label", [1.0, -1.0])
def test_the_mean_and_its_turned_gradient(label):
    x, labels = draw(4, 3).requires_grad_(), torch.full((4,), label).double()
    net = one_layer("LinearMeanLoss", "loss_weight: 3", "TRAIN", x=x, t=labels)
    outputs = net(x=x, t=labels)
    assert outputs["y0"].item() == pytest.approx(x.sum().item() / 12)
    (gradient,) = torch.autograd.grad(net.loss(outputs), x)
    assert gradient.flatten().tolist() == pytest.approx([-label * 3 / 12] * 12)


def test_squares():
    x, labels = torch.tensor([[1.0, -2], [3, 0.5], [0, 1]]).double().requires_grad_(), torch.ones(3).double()
    top = one_layer("LinearMeanLoss", "mean_loss_param { method: LTWO }", x=x, t=labels)(x=x, t=labels)["y0"]
    assert top.item() == pytest.approx(15.25 / 3)
    assert torch.allclose(torch.autograd.grad(top, x)[0], x / 3)
