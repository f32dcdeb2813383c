"""Turned regions, place by place."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

PARAM = "rotate_pooling_param { pooled_h: 2 pooled_w: 3 spatial_scale: 0.5 }"
REGIONS = torch.tensor([[0, 11.0, 9, 8, 15, 33], [1, 6, 8, 10, 9, -71], [1, 0, 0, 6, 6, 0], [0, 12.4, 9, 6, 8, 90]]).double()
SIZE = torch.tensor([[17.0, 23, 1]]).double()


def expected(x, region, rows: int, columns: int) -> list[list[float]]:
    """The greatest values of a plane in the 2 x 3 cells, from their corners."""
    _, centre_x, centre_y, height, width, angle = region.tolist()
    turn = angle / 180 * math.pi
    found = [[0.0] * 3 for _ in range(2)]

    def corner(line: float, column: float) -> tuple[float, float]:
        across, along = (column - 1.5) * width * 0.5 / 3, (line - 1) * height * 0.5 / 2
        return (math.cos(turn) * across + math.sin(turn) * along + centre_x * 0.5,
                -math.sin(turn) * across + math.cos(turn) * along + centre_y * 0.5)

    for line in range(2):
        for cell in range(3):
            origin, below, beside = corner(line, cell), corner(line + 1, cell), corner(line, cell + 1)
            sides = [(end[0] - origin[0], end[1] - origin[1]) for end in (below, beside)]
            for row in range(rows):
                for column in range(columns):
                    parts = [side[0] * (column - origin[0]) + side[1] * (row - origin[1]) for side in sides]
                    if all(0 <= part < side[0] ** 2 + side[1] ** 2 for part, side in zip(parts, sides)):
                        found[line][cell] = max(found[line][cell], float(x[row, column]))
    return found


def test_the_greatest_value_in_each_cell():
    x = draw(2, 2, 9, 12)
    top = top_of("RotateROIPooling", PARAM, x=x, r=REGIONS, size=SIZE)
    assert top.shape == (4, 2, 2, 3)
    for number, region in enumerate(REGIONS):
        for channel in range(2):
            values = expected(x[int(region[0]), channel], region, 8, 11)  # int(17 / 2), int(23 / 2)
            assert top[number, channel].flatten().tolist() == pytest.approx([value for line in values for value in line])


def test_gradients():
    x = draw(2, 1, 9, 12).requires_grad_()
    net = one_layer("RotateROIPooling", PARAM, "TRAIN", x=x, r=REGIONS, size=SIZE)
    assert gradcheck(lambda x: net(x=x, r=REGIONS, size=SIZE)["y0"], (x,))


def test_of_equal_values_the_first_has_the_gradient():
    x = torch.ones(1, 1, 6, 6).double().requires_grad_()
    region = torch.tensor([[0, 3, 3, 4, 4, 0]]).double()
    param = "rotate_pooling_param { pooled_h: 1 pooled_w: 1 }"
    net = one_layer("RotateROIPooling", param, "TRAIN", x=x, r=region, size=(1, 3))
    net(x=x, r=region, size=torch.tensor([[6.0, 6, 1]]).double())["y0"].sum().backward()
    assert x.grad.nonzero().tolist() == [[0, 0, 1, 1]]


@pytest.mark.parametrize(("param", "shapes", "complaint"), [
    (PARAM, ((2, 1, 9, 12), (4, 5), (1, 3)), "wants regions of 6 numbers each"),
    (PARAM, ((2, 1, 9, 12), (4, 6), (1,)), "wants the height and the width of images"),
    ("rotate_pooling_param { pooled_h: 2 }", ((2, 1, 9, 12), (4, 6), (1, 3)), "`pooled_h` and `pooled_w`")])
def test_what_does_not_fit_is_refused(param: str, shapes, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("RotateROIPooling", param, x=shapes[0], r=shapes[1], size=shapes[2])
