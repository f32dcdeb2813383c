"""Losses of spatial transformers that leave the image."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef


def beyond(value: float, bound: float) -> float:
    return max(0.0, abs(value) - bound) ** 2 / 2


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_places_outside_the_image_cost(phase: str):
    theta = draw(2, 6)
    expected = 0.0
    for a, b, c, d, e, f in theta.tolist():
        for s in range(3):
            for t in range(4):
                down, right = 2 * s / 3 - 1, 2 * t / 4 - 1
                expected += beyond(a * down + b * right + c, 1) + beyond(d * down + e * right + f, 1)
    assert expected > 0
    param = "st_loss_param { output_H: 3 output_W: 4 }"
    assert top_of("STLoss", param, phase, x=theta).item() == pytest.approx(expected / (2 * 3 * 4))
    net = one_layer("STLoss", param, phase, x=theta)
    assert gradcheck(lambda x: net(x=x)["y0"], (theta.requires_grad_(),))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_numbers_beyond_the_threshold_cost(phase: str):
    x = torch.tensor([[0.2, -0.9, 1.5]]).double()
    param = "loc_loss_param { threshold: 0.5 }"
    assert top_of("LocLoss", param, phase, x=x).item() == pytest.approx((0.4**2 + 1) / 2 / 3)
    net = one_layer("LocLoss", param, phase, x=x)
    assert gradcheck(lambda x: net(x=x)["y0"], (x.requires_grad_(),))


@pytest.mark.parametrize(("kind", "param", "complaint"), [
    ("STLoss", "st_loss_param { output_H: 3 output_W: 4 }", "6 numbers an item"),
    ("STLoss", "st_loss_param { output_H: 3 }", "at least 1"),
    ("LocLoss", "", "`threshold` 0")])
def test_what_does_not_fit_is_refused(kind: str, param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, param, x=(2, 5))
