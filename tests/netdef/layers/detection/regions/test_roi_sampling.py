"""Points between pixels, point by point as in MNC's and Cascade R-CNN's code."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

REGIONS = torch.tensor([[0, 1, 0, 6, 7], [1, 2, 3, 5, 4.5], [0, -3, 4, 2, 12], [1, 30, 30, 40, 40], [1, 3, 3, 1, 1]]).double()


def between(plane, row, column):
    """The value of a plane at a place, 0 more than half a pixel outside."""
    height, width = plane.shape
    if not (-0.5 <= row <= height - 0.5 and -0.5 <= column <= width - 0.5):
        return 0.0
    row, column = min(max(row, 0), height - 1), min(max(column, 0), width - 1)
    up, left = min(math.floor(row), height - 2), min(math.floor(column), width - 2)
    a, b = row - up, column - left
    return ((1 - a) * (1 - b) * plane[up, left] + (1 - a) * b * plane[up, left + 1] + a * (1 - b) * plane[up + 1, left]
            + a * b * plane[up + 1, left + 1])


def rounded(x):
    return math.copysign(math.floor(abs(x) + 0.5), x)


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_warped_regions(scale: float):
    x = draw(2, 3, 7, 6)
    top = top_of("ROIWarping", f"roi_warping_param {{ pooled_h: 2 pooled_w: 4 spatial_scale: {scale} }}", x=x, r=REGIONS)
    expected = torch.zeros(5, 3, 2, 4).double()
    for r, (image, *corners) in enumerate(REGIONS.tolist()):
        x1, y1, x2, y2 = (rounded(corner * scale) for corner in corners)
        for c in range(3):
            for i in range(2):
                for j in range(4):
                    expected[r, c, i, j] = between(
                        x[int(image), c], y1 + i * max(y2 - y1, 0) / 2, x1 + j * max(x2 - x1, 0) / 4)
    torch.testing.assert_close(top, expected)
    assert expected[3].abs().max() == 0 < expected[4].abs().max()


@pytest.mark.parametrize("pad", [0.0, 0.25])
def test_aligned_regions(pad: float):
    x = draw(2, 3, 7, 6)
    top = top_of("ROIAlign", f"roi_pooling_param {{ pooled_h: 2 pooled_w: 3 spatial_scale: 0.5 pad_ratio: {pad} }}",
                 x=x, r=REGIONS)
    expected = torch.zeros(5, 3, 3, 4).double()
    for r, (image, x1, y1, x2, y2) in enumerate(REGIONS.tolist()):
        wide, high = (x2 - x1 + 1) * pad, (y2 - y1 + 1) * pad
        x1, y1, x2, y2 = (0.5 * corner - 0.5 for corner in (x1 - wide, y1 - high, x2 + wide, y2 + high))
        if x2 <= x1 or y2 <= y1:
            continue
        for c in range(3):
            for i in range(3):
                for j in range(4):
                    expected[r, c, i, j] = between(x[int(image), c], y1 + i * (y2 - y1) / 2, x1 + j * (x2 - x1) / 3)
    torch.testing.assert_close(top, expected)
    assert expected[4].abs().max() == 0 < expected[0].abs().max()


def test_masks_of_another_size():
    x = draw(2, 1, 5, 4)
    top = top_of("MaskResize", "mask_resize_param { output_height: 3 output_width: 7 }", x=x)
    expected = [[[[between(plane, i * 5 / 3, j * 4 / 7) for j in range(7)] for i in range(3)] for plane in maps] for maps in x]
    torch.testing.assert_close(top, torch.tensor(expected).double())


def test_sizes_of_masks_as_parts_of_the_bottom():
    """Of SSTD: 5 x 1.5 rows, cut to 7; columns as in the text."""
    x = draw(2, 3, 5, 4)
    factors = top_of("MaskResize", "mask_resize_param { output_height: 1 output_width: 7 factor_height: 1.5 }", x=x)
    assert torch.equal(factors, top_of("MaskResize", "mask_resize_param { output_height: 7 output_width: 7 }", x=x))


def test_features_times_their_mask():
    x, mask = draw(2, 3, 5, 4), draw(2, 1, 5, 4, seed=2)
    assert torch.equal(top_of("MaskPooling", x=x, m=mask), torch.stack([a * b for a, b in zip(x, mask)]))


@pytest.mark.parametrize(("kind", "param"), [
    ("ROIWarping", "roi_warping_param { pooled_h: 3 pooled_w: 2 spatial_scale: 0.5 }"),
    ("ROIAlign", "roi_pooling_param { pooled_h: 3 pooled_w: 2 spatial_scale: 0.5 }")])
def test_gradient_of_features(kind: str, param: str):
    x = draw(2, 2, 5, 4).requires_grad_()
    net = one_layer(kind, param, "TRAIN", x=x, r=REGIONS)
    assert gradcheck(lambda x: net(x=x, r=REGIONS)["y0"], (x,))


def test_what_does_not_fit_is_refused():
    with pytest.raises(netdef.SpecError, match="has `pooled_h` and `pooled_w` \\(0, 3\\); it must be at least 1"):
        one_layer("ROIWarping", "roi_warping_param { pooled_w: 3 }", x=(2, 3, 5, 4), r=REGIONS)
    with pytest.raises(netdef.SpecError, match="it wants one mask for each item, of the features' height and width"):
        one_layer("MaskPooling", x=(2, 3, 5, 4), m=(2, 1, 5, 3))
    with pytest.raises(netdef.SpecError, match="has `output_height` and `output_width` \\(0, 0\\)"):
        one_layer("MaskResize", x=(2, 1, 5, 4))
