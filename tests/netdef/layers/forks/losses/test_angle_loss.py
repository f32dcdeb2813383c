"""Angles between normals."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def unit(*shape: int, seed: int = 1) -> torch.Tensor:
    x = draw(*shape, seed=seed)
    return x / x.norm(dim=1, keepdim=True)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_angles_of_the_places_that_are_known(phase: str):
    x, t = unit(2, 3, 1, 4), unit(2, 3, 1, 4, seed=2)
    t[1, :, 0, 2] = 11
    angles = [math.acos(sum(a * b for a, b in zip(x[i, :, 0, j].tolist(), t[i, :, 0, j].tolist())))
              for i in range(2) for j in range(4) if (i, j) != (1, 2)]
    assert top_of("AngleLoss", "", phase, x=x, t=t).item() == pytest.approx(sum(angles) / 2)


def test_the_gradient_of_an_angle():
    x, t = unit(2, 3, 1, 4).requires_grad_(), unit(2, 3, 1, 4, seed=2)
    t[1, :, 0, 2] = -11
    net = one_layer("AngleLoss", "", "TRAIN", x=x, t=t)
    net.loss(net(x=x, t=t)).backward()
    cosine = (x.detach() * t)[0, :, 0, 3].sum().item()
    expected = [-b / (math.sqrt(1 - cosine**2) + 1e-6) / 2 for b in t[0, :, 0, 3].tolist()]
    assert x.grad[0, :, 0, 3].tolist() == pytest.approx(expected)
    assert not x.grad[1, :, 0, 2].any()


def test_rounding_beyond_one_is_an_angle_of_zero():
    x = torch.tensor([[1.0000001, 0]], dtype=torch.float64)
    assert top_of("AngleLoss", x=x, t=torch.tensor([[1.0, 0]]).double()).item() == 0


def test_nets_of_2014():
    inputs = " ".join(f'input: "{name}" input_dim: 2 input_dim: 3 input_dim: 1 input_dim: 4' for name in "xt")
    net = netdef.loads(inputs + ' layers { name: "n" type: NORM bottom: "x" top: "u" }'
                       ' layers { name: "l" type: ANGLE_LOSS bottom: "u" bottom: "t" top: "y" }', phase="TRAIN")
    x, t = draw(2, 3, 1, 4).float(), unit(2, 3, 1, 4, seed=2).float()
    expected = top_of("AngleLoss", x=x.double() / x.double().norm(dim=1, keepdim=True), t=t.double())
    assert net(x=x, t=t)["y"].item() == pytest.approx(expected.item(), rel=1e-5)
