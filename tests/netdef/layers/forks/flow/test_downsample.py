"""Planes made smaller by weighted means, value by value."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef
from netdef.testing import check_layer


def smaller(x, size):
    """The definition, as loops."""
    height, width = x.shape[2:]
    steps = (height - 1) / (size[0] - 1), (width - 1) / (size[1] - 1)
    top = torch.zeros(*x.shape[:2], *size).double()
    for n, c, i, j in torch.cartesian_prod(*map(torch.arange, top.shape)).tolist():
        total = weight = lost = 0.0
        for y in range(height):
            for z in range(width):
                share = max(0, 1 - abs(y - i * steps[0]) / steps[0]) * max(0, 1 - abs(z - j * steps[1]) / steps[1])
                value = x[n, c, y, z].item()
                if math.isnan(value):
                    lost += share
                else:
                    total, weight = total + share * value, weight + share
        top[n, c, i, j] = math.nan if lost > weight / 2 else total / weight
    return top


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_means_around_places(phase):
    x = draw(2, 3, 9, 7)
    top = top_of("Downsample", "downsample_param { top_height: 4 top_width: 3 }", phase, x=x)
    torch.testing.assert_close(top, smaller(x, (4, 3)))
    like = top_of("Downsample", "", phase, x=x, like=draw(1, 2, 5, 6))
    torch.testing.assert_close(like, smaller(x, (5, 6)))
    assert torch.equal(top_of("Downsample", "", phase, x=x, like=draw(1, 2, 9, 7)), x)


def test_numbers_that_are_not_known():
    x = draw(1, 1, 9, 7)
    x[0, 0, :3, :4] = math.nan
    x[0, 0, 7, 5] = math.nan
    expected = smaller(x, (3, 3))
    assert 0 < expected.isnan().sum().item() < 9
    top = top_of("Downsample", "downsample_param { top_height: 3 top_width: 3 }", x=x)
    torch.testing.assert_close(top, expected, equal_nan=True)


def test_one_row_is_the_first():
    x = draw(1, 2, 5, 3)
    assert torch.equal(top_of("Downsample", "downsample_param { top_height: 1 top_width: 1 }", x=x), x[:, :, :1, :1])


def test_gradient():
    check_layer('layer { name: "l" type: "Downsample" bottom: "x" top: "y" downsample_param { top_height: 3 top_width: 2 } }',
                x=(2, 3, 5, 4))


def test_a_size_is_wanted():
    with pytest.raises(netdef.SpecError, match="top_height"):
        one_layer("Downsample", "downsample_param { top_width: 3 }", x=(1, 2, 5, 4))
