"""Maxima of the cells of a grid."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

PARAM = "grid_pooling_param {{ pooled_h: {} pooled_w: {} }}"


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize(("height", "width"), [(3, 2), (6, 8)])
def test_the_greatest_of_each_cell(phase: str, height: int, width: int):
    x = draw(2, 3, 5, 7)
    found = top_of("GRIDPooling", PARAM.format(height, width), phase, x=x)
    for i in range(height):
        for j in range(width):
            rows = slice(math.floor(i * 5 / height), math.ceil((i + 1) * 5 / height))
            columns = slice(math.floor(j * 7 / width), math.ceil((j + 1) * 7 / width))
            assert torch.equal(found[:, :, i, j], x[:, :, rows, columns].amax((2, 3)))


def test_gradient():
    x = draw(1, 2, 5, 7).requires_grad_()
    net = one_layer("GRIDPooling", PARAM.format(3, 2), "TRAIN", x=x)
    assert gradcheck(lambda x: net(x=x)["y0"], (x,))


def test_cells_are_rounded_as_floats():
    """In float32 57 / 7 is rounded up, so the last of 7 cells but one reads one row more."""
    step = torch.tensor(57.0) / 7
    x = torch.zeros(1, 1, 57, 1)
    bounds = [(math.floor((torch.tensor(i) * step).item()), math.ceil((torch.tensor(i + 1) * step).item())) for i in range(7)]
    x[0, 0, :, 0] = torch.arange(57)
    net = netdef.loads('layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 1 dim: 57 dim: 1 } } } '
                       'layer { name: "l" type: "GRIDPooling" bottom: "x" top: "y" ' + PARAM.format(7, 1) + " }", phase="TEST")
    assert net(x=x)["y"].flatten().tolist() == [min(end, 57) - 1 for _, end in bounds]


def test_a_grid_without_cells_is_refused():
    with pytest.raises(netdef.SpecError, match="at least 1"):
        one_layer("GRIDPooling", "grid_pooling_param { pooled_h: 3 }", x=(2, 3, 5, 7))
