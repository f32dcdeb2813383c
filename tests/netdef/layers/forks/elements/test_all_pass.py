"""AllPass, Cos, Arccos and Atan."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, top_of


def test_all_passes():
    x = draw(2, 3).requires_grad_()
    top = top_of("AllPass", "all_pass_param { key: 99.99 }", x=x)
    assert torch.equal(top, x)
    assert torch.equal(torch.autograd.grad((3 * top).sum(), x)[0], torch.full_like(x, 3))


@pytest.mark.parametrize("kind", ["Cos", "Cosine"])
def test_cosine(kind: str):
    x = torch.tensor([[0.0, math.pi / 3, -math.pi / 2, 2]], dtype=torch.float64, requires_grad=True)
    top = top_of(kind, x=x)
    assert top[0].tolist() == pytest.approx([1, 0.5, 0, math.cos(2)], abs=1e-12)
    (gradient,) = torch.autograd.grad(top.sum(), x)
    assert gradient[0].tolist() == pytest.approx([0, -math.sqrt(3) / 2, 1, -math.sin(2)])


def test_arctangent():
    x = torch.tensor([[0.0, 1, -math.sqrt(3), 2]], dtype=torch.float64, requires_grad=True)
    top = top_of("Atan", x=x)
    assert top[0].tolist() == pytest.approx([0, math.pi / 4, -math.pi / 3, math.atan(2)])
    (gradient,) = torch.autograd.grad(top.sum(), x)
    assert gradient[0].tolist() == pytest.approx([1, 0.5, 0.25, 0.2])


def test_arccosine_within_its_bounds():
    x = torch.tensor([[0.0, 0.5, -0.6, 1, -2]], dtype=torch.float64, requires_grad=True)
    top = top_of("Arccos", x=x)
    bound = math.acos(0.9999)
    assert top[0].tolist() == pytest.approx([math.pi / 2, math.pi / 3, math.acos(-0.6), bound, math.pi - bound])
    (gradient,) = torch.autograd.grad(top.sum(), x)
    steep = -1 / math.sqrt(1 - 0.9999**2)
    assert gradient[0].tolist() == pytest.approx([-1, -2 / math.sqrt(3), -1.25, steep, steep])
