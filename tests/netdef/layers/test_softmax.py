"""Softmax along each axis."""

from __future__ import annotations

import math

import pytest
import torch

import netdef
from netdef.errors import SpecError


def build(param: str, top: str = "y"):
    return netdef.loads('layer { name: "i" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }'
                        f'layer {{ name: "l" type: "Softmax" bottom: "x" top: "{top}" softmax_param {{ {param} }} }}')


@pytest.mark.parametrize("top", ["x", "y"])
def test_softmax_along_an_axis(top):
    x = torch.tensor([[1.0, 2.0, 5.0], [3.0, 6.0, 1.0]]).log()
    torch.testing.assert_close(build("", top)(x=x)[top], torch.tensor([[0.125, 0.25, 0.625], [0.3, 0.6, 0.1]]))
    down = torch.tensor([[0.25, 0.25, 5 / 6], [0.75, 0.75, 1 / 6]])
    torch.testing.assert_close(build("axis: 0", top)(x=x)[top], down)
    assert build("axis: -1", top)(x=x + 1e4)[top].sum(1).tolist() == pytest.approx([1, 1])
    assert math.isnan(build("", top)(x=x * math.nan)[top][0, 0])


def test_a_missing_axis_is_refused():
    with pytest.raises(SpecError, match="wants axis 2, but its bottom has 2 axes"):
        build("axis: 2")


def test_scores_are_divided_by_a_temperature():
    """Of 4 log 2 and 0, over 2: 4 to 1; the gradient of the first share is p (1 - p) / 2."""
    x = torch.tensor([[4 * math.log(2), 0.0, -math.inf]], requires_grad=True)
    net = netdef.loads('layer { name: "i" type: "Input" top: "x" input_param { shape { dim: 1 dim: 3 } } }'
                       'layer { name: "l" type: "Softmax" bottom: "x" top: "y" softmax_param { scaling_temperature: 2 } }')
    top = net(x=x)["y"]
    torch.testing.assert_close(top, torch.tensor([[0.8, 0.2, 0]]))
    top[0, 0].backward()
    torch.testing.assert_close(x.grad, torch.tensor([[0.08, -0.08, 0]]))
    with pytest.raises(SpecError, match="has `scaling_temperature` 0; it must be above 0"):
        build("scaling_temperature: 0")
