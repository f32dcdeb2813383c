"""Values cut to bounds, with two forks' gradients."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

X = torch.tensor([[-2.0, -0.5, 0.25, 3, 5, -2, 3]]).double()
OUTER = torch.tensor([[1.0, 2, 3, 4, 5, -6, -7]]).double()


@pytest.mark.parametrize(("text", "gradient"), [
    ("lower_bound: -0.5 upper_bound: 3", [0, 0, 3, 0, 0, 0, 0]),
    ("truncation_min: -0.5 truncation_max: 3", [1, 2, 3, 4, 0, 0, -7]),
])
def test_values_and_gradients(text: str, gradient: list[float]):
    x = X.clone().requires_grad_()
    top = one_layer("Truncation", f"truncation_param {{ {text} }}", "TRAIN", x=x)(x=x)["y0"]
    assert top.tolist() == [[-0.5, -0.5, 0.25, 3, 3, -0.5, 3]]
    (top * OUTER).sum().backward()
    assert x.grad.tolist() == [gradient]


@pytest.mark.parametrize(("text", "complaint"), [
    ("", "of their own"), ("lower_bound: 1 truncation_min: 1", "of their own"),
    ("truncation_min: 2", "lower bound of 2 above its upper bound of 1"),
])
def test_bounds_are_refused(text: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("Truncation", f"truncation_param {{ {text} }}", x=(2, 3))


def test_soft_truncation():
    x = torch.tensor([[0.0, 3, -1.5]], dtype=torch.float64, requires_grad=True)
    top = top_of("SoftTruncation", "soft_truncation_param { c: 1.5 }", x=x)
    assert top[0].tolist() == pytest.approx([0, 1 - math.exp(-2), 1 - math.e])
    (gradient,) = torch.autograd.grad(top.sum(), x)
    assert gradient[0].tolist() == pytest.approx([1 / 1.5, math.exp(-2) / 1.5, math.e / 1.5])
    with pytest.raises(netdef.SpecError, match="divides by its `c`, which is 0"):
        one_layer("SoftTruncation", "soft_truncation_param { c: 0 }", x=(2, 3))
