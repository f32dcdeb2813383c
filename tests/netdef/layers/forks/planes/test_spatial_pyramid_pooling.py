"""SpatialPyramidPooling against the greatest, or the mean, of each window."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef

PARAM = "spatial_pyramid_pooling_param { spatial_bin: 1 spatial_bin: 2 pool: AVE }"


def windows(x, bins, reduce):
    """The windows of one pooling, each reduced, item by item in a row: channels, rows, columns."""
    high, wide = x.shape[2] // bins, x.shape[3] // bins
    rows, columns = -(-x.shape[2] // high), -(-x.shape[3] // wide)
    parts = [reduce(x[:, :, r * high : (r + 1) * high, c * wide : (c + 1) * wide].flatten(2))
             for r in range(rows) for c in range(columns)]
    return torch.stack(parts, 2).flatten(1)


@pytest.mark.parametrize(("pooling", "reduce"), [
    ("", lambda part: part.amax(2)), ("pooling_param { pool: AVE }", lambda part: part.mean(2)),
])
def test_bins_follow_each_other(pooling, reduce):
    x = draw(2, 3, 5, 7)  # two bins: windows of 2 by 3, three rows and three columns of them
    top = top_of("SpatialPyramidPooling", f"{PARAM} {pooling}", x=x)
    assert top.shape == (2, 3 * (1 + 9))
    torch.testing.assert_close(top, torch.cat([windows(x, 1, reduce), windows(x, 2, reduce)], 1))


def test_one_bin_alone_keeps_its_axes():
    x = draw(2, 3, 6, 4)
    top = top_of("SpatialPyramidPooling", "spatial_pyramid_pooling_param { spatial_bin: 2 }", x=x)
    assert top.shape == (2, 3, 2, 2)
    torch.testing.assert_close(top.flatten(1), windows(x, 2, lambda part: part.amax(2)))


@pytest.mark.parametrize(("param", "words"), [
    ("", "has no `spatial_bin`"), ("spatial_pyramid_pooling_param { spatial_bin: 6 }", "into 6 bins"),
    (f"{PARAM} pooling_param {{ pool: STOCHASTIC }}", "pools MAX or AVE"),
])
def test_mistakes(param, words):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("SpatialPyramidPooling", param, x=(2, 3, 5, 7))


def test_its_name_of_2014():
    text = ('input: "x" input_dim: [2, 3, 5, 7] layers { name: "l" type: SPATIAL_PYRAMID_POOLING bottom: "x" top: "y" '
            'spatial_pyramid_pooling_param { spatial_bin: 1 } }')
    assert netdef.loads(text).shapes["y"] == (2, 3, 1, 1)
