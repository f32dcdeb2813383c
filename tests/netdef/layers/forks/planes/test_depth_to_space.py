"""DepthToSpace: where each channel of a place goes."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef
from netdef.testing import check_layer


@pytest.mark.parametrize("form", ["NCHW", "DCR", "CRD"])
def test_channels_become_pixels(form):
    """Two channels of blocks of 3 x 3."""
    x = draw(2, 18, 5, 4)
    top = top_of("DepthToSpace", f'depth_to_space_param {{ block_size: 3 data_format: "{form}" }}', x=x)
    assert top.shape == (2, 2, 15, 12)
    for c in range(2):
        for i in range(3):
            for j in range(3):
                channel = (c * 3 + i) * 3 + j if form == "CRD" else (i * 3 + j) * 2 + c
                assert torch.equal(top[:, c, i::3, j::3], x[:, channel])


def test_channels_last_is_the_default():
    x = draw(2, 5, 4, 12)
    top = top_of("DepthToSpace", "depth_to_space_param { block_size: 2 }", x=x)
    assert top.shape == (2, 10, 8, 3)
    for c in range(3):
        for i in range(2):
            for j in range(2):
                assert torch.equal(top[:, i::2, j::2, c], x[..., (i * 2 + j) * 3 + c])


@pytest.mark.parametrize("form", ["NHWC", "NCHW"])
def test_pixels_become_channels(form):
    x = draw(2, 4, 6, 10)
    there = top_of("DepthToSpace", f'depth_to_space_param {{ block_size: 2 data_format: "{form}" }}',
                   x=draw(2, 8, 3, 12))
    param = f'space_to_depth_param {{ block_size: 2 data_format: "{form}" }}'
    assert torch.equal(top_of("SpaceToDepth", param, x=there), draw(2, 8, 3, 12))
    top = top_of("SpaceToDepth", param, x=x)
    if form == "NHWC":
        assert top.shape == (2, 2, 3, 40) and torch.equal(top[..., 10:20], x[:, ::2, 1::2])  # row 0, column 1 of each block
    else:
        assert top.shape == (2, 16, 3, 5) and torch.equal(top[:, 8:12], x[:, :, 1::2, ::2])  # row 1, column 0
    check_layer(f'layer {{ name: "l" type: "SpaceToDepth" bottom: "x" top: "y" {param} }}', x=(2, 4, 6, 10))


@pytest.mark.parametrize("param, said", [
    ("block_size: 0", "`block_size`"), ("block_size: 2", "planes of .5, 4. into blocks of 2 x 2"),
    ('block_size: 2 data_format: "CRD"', 'has `data_format` "CRD"')])
def test_pixels_that_make_no_blocks_are_refused(param, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer("SpaceToDepth", f"space_to_depth_param {{ {param} }}", x=(2, 5, 4, 6))


@pytest.mark.parametrize("param, said", [
    ("block_size: 0", "`block_size`"), ("block_size: 2", "wants channels in multiples of 4; .* has 6"),
    ('block_size: 2 data_format: "NCWH"', 'has `data_format` "NCWH"'),
    ('block_size: 2 data_format: "NCHW"', "in multiples of 4; .* has 5")])
def test_what_does_not_fit_is_refused(param, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer("DepthToSpace", f"depth_to_space_param {{ {param} }}", x=(2, 5, 4, 6))


@pytest.mark.parametrize("form", ["NHWC", "NCHW", "CRD"])
def test_promises(form):
    param = f'depth_to_space_param {{ block_size: 2 data_format: "{form}" }}'
    check_layer(f'layer {{ name: "l" type: "DepthToSpace" bottom: "x" top: "y" {param} }}', x=(2, 8, 3, 4))
