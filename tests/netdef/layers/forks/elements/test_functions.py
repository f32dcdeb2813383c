"""Cos, Arccos, and the functions of Synopsys' fork."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of

import netdef


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


VALUES = torch.tensor([[-2.5, -1.25, -0.5, 0, 0.5, 1.5, 2.75]], dtype=torch.float64)


@pytest.mark.parametrize(("kind", "param", "wanted"), [
    ("Ceil", "", [-2, -1, 0, 0, 1, 2, 3]),
    ("Floor", "", [-3, -2, -1, 0, 0, 1, 2]),
    ("Round", "", [-2, -1, 0, 0, 0, 2, 3]),  # the even one of two that are equally near
    ("Sin", "", [math.sin(x) for x in VALUES[0].tolist()]),
    ("HardTanH", "", [-1, -1, -0.5, 0, 0.5, 1, 1]),
    ("Softsign", "", [-2.5 / 3.5, -1.25 / 2.25, -0.5 / 1.5, 0, 0.5 / 1.5, 1.5 / 2.5, 2.75 / 3.75]),
    ("Softplus", "", [math.log(1 + math.exp(x)) for x in VALUES[0].tolist()]),
    ("HardSigmoid", "", [0, 0.25, 0.4, 0.5, 0.6, 0.8, 1]),
    ("HardSigmoid", "hard_sigmoid_param { alpha: -1 beta: 0 }", [1, 1, 0.5, 0, 0, 0, 0]),
    ("ScaledTanH", "scaled_tanh_param { alpha: 3 beta: 0.5 }", [3 * math.tanh(x / 2) for x in VALUES[0].tolist()]),
    ("ThresholdedReLU", "", [0, 0, 0, 0, 0, 1.5, 2.75]),
    ("ThresholdedReLU", "thresholded_relu_param { alpha: -0.5 }", [0, 0, 0, 0, 0.5, 1.5, 2.75]),
    ("SeLU", "selu_param { lambda: 2 alpha: 1 }", [2 * (math.exp(x) - 1) if x < 0 else 2 * x for x in VALUES[0].tolist()]),
])
def test_functions_of_synopsys(kind: str, param: str, wanted: list[float]):
    assert top_of(kind, param, x=VALUES)[0].tolist() == pytest.approx(wanted, rel=1e-6)


def test_numbers_that_must_be_given():
    with pytest.raises(netdef.SpecError, match="needs `alpha` and `beta`"):
        one_layer("ScaledTanH", x=(2, 3))
