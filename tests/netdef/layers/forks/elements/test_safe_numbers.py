"""NaN2Zero and SafeInv."""

from __future__ import annotations

import math

import torch
from one_layer import top_of


def test_nan_is_zero_in_values_and_gradients():
    x = torch.tensor([[1.0, math.nan, -math.inf, 4]]).double().requires_grad_()
    top = top_of("NaN2Zero", "", "TRAIN", x=x)
    assert top.tolist() == [[1, 0, -math.inf, 4]]
    top.backward(torch.tensor([[2.0, 3, 5, math.nan]]).double())
    assert x.grad.tolist() == [[2, 0, 5, 0]]


def test_the_inverse_of_zero_is_zero():
    x = torch.tensor([[4.0, 0, -0.5]]).double().requires_grad_()
    top = top_of("SafeInv", "", "TRAIN", x=x)
    assert top.tolist() == [[0.25, 0, -2]]
    top.sum().backward()
    assert x.grad.tolist() == [[-1 / 16, 0, -4]]
