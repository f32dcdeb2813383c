"""Reduction: its four operations."""

from __future__ import annotations

import pytest
import torch

import netdef

X = [[[1.0, -2, 3, 0], [4, 0, -6, 2], [0, 0, 0, 8]], [[-1, 0, 0, 0], [5, 5, -5, -5], [2, 4, 6, 8]]]


@pytest.mark.parametrize("param, expected, derivative", [
    ("", 29, 1),
    ("operation: ASUM axis: 1", [26, 41], None),
    ("operation: SUMSQ axis: 2 coeff: 0.5", [[7, 28, 32], [0.5, 50, 60]], None),
    ("operation: MEAN axis: -1 coeff: 2", [[1, 0, 4], [-0.5, 0, 10]], 0.5),
    ("operation: MEAN axis: 1 coeff: -6", [-5, -9.5], -0.5),
])
def test_sums_from_the_axis_on(param, expected, derivative):
    net = netdef.loads('layer { name: "i" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 4 } } } '
                       f'layer {{ name: "l" type: "Reduction" bottom: "x" top: "y" reduction_param {{ {param} }} }}')
    x = torch.tensor(X, requires_grad=True)
    y = net(x=x)["y"]
    torch.testing.assert_close(y, torch.tensor(expected, dtype=torch.float32))
    y.sum().backward()
    factor = {"ASUM": x.detach().sign(), "SUMSQ": x.detach()}  # the sign of 0 is 0
    expected = next((v for key, v in factor.items() if key in param), None)
    torch.testing.assert_close(x.grad, torch.full_like(x, derivative) if expected is None else expected)
