"""SeLu, ReLU6 and HardSwish by arithmetic."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import top_of


def test_relu6_and_hard_swish():
    x = torch.tensor([[-5.0, -2, -0.5, 0, 1, 5, 7]]).double()
    assert top_of("ReLU6", "", x=x).tolist() == [[0, 0, 0, 0, 1, 5, 6]]
    assert top_of("ReLU6", "relu_param { negative_slope: 0.5 }", x=x).tolist() == [[-2.5, -1, -0.25, 0, 1, 5, 6]]
    assert top_of("HardSwish", "", x=x)[0].tolist() == pytest.approx([0, -2 / 6, -0.5 * 2.5 / 6, 0, 4 / 6, 5, 7])


def test_selu():
    x = torch.tensor([[-2.0, 0, 3]]).double()
    expected = [1.050700987 * 1.67326324 * (math.exp(-2) - 1), 0, 1.050700987 * 3]
    assert top_of("SeLu", "", x=x)[0].tolist() == pytest.approx(expected, rel=1e-6)
    top = top_of("SeLu", "selu_param { lambda: 2 alpha: 0.5 }", x=x)
    assert top[0].tolist() == pytest.approx([math.exp(-2) - 1, 0, 6])
