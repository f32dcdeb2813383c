"""SignedPower by arithmetic."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer


def test_signs_stay_and_the_power_learns():
    x = torch.tensor([[1.0, -3.5, -0.5]]).double().requires_grad_()  # z = 2 x + 1: 3, -6, 0
    net = one_layer("SignedPower", "power_param { power: 2 scale: 2 shift: 1 eps: 0.5 }", "TRAIN", x=x)
    top = net(x=x)["y0"]
    assert top.flatten().tolist() == pytest.approx([3.5**2, -(6.5**2), 0.25])
    top.sum().backward()
    assert x.grad.flatten().tolist() == pytest.approx([4 * 3.5, 4 * 6.5, 4 * 0.5])
    (power,) = net.params["l"]
    assert power.tolist() == [2]
    assert power.grad.item() == pytest.approx(3.5**2 * math.log(3.5) - 6.5**2 * math.log(6.5) + 0.25 * math.log(0.5))
