"""ICNetSubgraph against Pooling and Interp."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef
from netdef.testing import check_layer


def test_the_means_of_a_plane_of_icnet():
    """Of 33 x 65 the grids have 1, 2, 3 and 6 rows and columns; the windows of the last reach to rows 33 and columns 65."""
    x = draw(1, 2, 33, 65)
    expected = x + x.mean((2, 3), keepdim=True)
    for count, (tall, wide), (down, right) in ((2, (17, 33), (16, 32)), (3, (13, 25), (10, 20)), (6, (8, 15), (5, 10))):
        means = x.new_empty(1, 2, count, count)
        for i in range(count):
            for j in range(count):
                means[:, :, i, j] = x[:, :, i * down : i * down + tall, j * right : j * right + wide].mean((2, 3))
        rows, columns = (torch.linspace(0, count - 1, size).double() for size in (33, 65))
        tall_by, wide_by = (  # how much of each mean a row and a column has
            (1 - (places[:, None] - torch.arange(count)).abs()).clamp(min=0) for places in (rows, columns))
        expected = expected + torch.einsum("ri,ncij,sj->ncrs", tall_by, means, wide_by)
    torch.testing.assert_close(top_of("ICNetSubgraph", x=x), expected)


def test_the_last_window_is_the_mean_of_what_is_inside():
    """Of 5 x 10 ones and a column of 12s every grid is one window but the last, whose second begins at the column 10."""
    x = torch.ones(1, 1, 5, 16).double()
    x[..., 15] = 12
    whole, first, second = (5 * 15 + 60) / 80, 1.0, (5 + 12) / 6
    top = top_of("ICNetSubgraph", x=x)
    assert top[0, 0, 2, 0] == pytest.approx(1 + 3 * whole + first)
    assert top[0, 0, 2, 15] == pytest.approx(12 + 3 * whole + second)


def test_small_planes_are_refused():
    with pytest.raises(netdef.SpecError, match="at least 4 x 6"):
        one_layer("ICNetSubgraph", x=(1, 2, 3, 9))
    with pytest.raises(netdef.SpecError, match="at least 4 x 6"):
        one_layer("ICNetSubgraph", x=(1, 2, 9, 5))


def test_promises():
    check_layer('layer { name: "l" type: "ICNetSubgraph" bottom: "x" top: "y" }', x=(2, 1, 6, 11))
