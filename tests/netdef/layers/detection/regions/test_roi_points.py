"""Regions pooled at points, cell by cell as in their forks' code."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

REGIONS = torch.tensor([[0, 2.0, 3, 13, 12], [1, -7, 4, 5, 40], [1, 30, 30, 50, 50], [0, 6, 6, 6, 6]]).double()
SENSITIVE = "psroi_align_param { spatial_scale: 0.5 output_dim: 2 group_size: 3 sample_num: 2 }"
CENTRES = "roi_alignment_param { spatial_scale: 0.5 pooled_h: 2 pooled_w: 3 }"


def between(plane, row: float, column: float) -> float:
    """The value between the four pixels around a place within a plane."""
    most = plane.shape[0] - 1, plane.shape[1] - 1
    top, left = math.floor(row), math.floor(column)
    down, right = row - top, column - left
    return sum(
        float(plane[min(top + i, most[0]), min(left + j, most[1])]) * (down if i else 1 - down) * (right if j else 1 - right)
        for i in (0, 1) for j in (0, 1))


def clipped(value: float, side: int) -> float:
    return min(max(value, 0.0), side - 1.0)


def test_means_of_points_of_position_sensitive_cells():
    x = draw(2, 18, 7, 8)
    top = top_of("PSROIAlign", SENSITIVE, x=x, r=REGIONS)
    assert top.shape == (4, 2, 3, 3)
    for number, (image, x1, y1, x2, y2) in enumerate(REGIONS.tolist()):
        height, width = max((y2 + 1) * 0.5 - y1 * 0.5, 0.1) / 3, max((x2 + 1) * 0.5 - x1 * 0.5, 0.1) / 3
        for out, row, column in ((0, 0, 0), (1, 1, 2), (0, 2, 1), (1, 2, 2)):
            plane = x[int(image), (out * 3 + row) * 3 + column]
            starts = clipped(y1 * 0.5 + row * height, 7), clipped(x1 * 0.5 + column * width, 8)
            ends = clipped(y1 * 0.5 + (row + 1) * height, 7), clipped(x1 * 0.5 + (column + 1) * width, 8)
            total = 0.0
            for i in (1, 2):
                for j in (1, 2):
                    place = starts[0] + i * height / 3, starts[1] + j * width / 3
                    if place[0] < ends[0] and place[1] < ends[1]:
                        total += between(plane, *place)
            assert top[number, out, row, column].item() == pytest.approx(total / 4)


def test_values_at_the_centres_of_cells():
    x = draw(2, 3, 7, 8)
    top = top_of("ROIAlignment", CENTRES, x=x, r=REGIONS)
    assert top.shape == (4, 3, 2, 3)
    for number, (image, x1, y1, x2, y2) in enumerate(REGIONS.tolist()):
        height, width = max(y2 * 0.5 - y1 * 0.5 + 1, 1) / 2, max(x2 * 0.5 - x1 * 0.5 + 1, 1) / 3
        for row in range(2):
            for column in range(3):
                down = sum(clipped(y1 * 0.5 + (row + i) * height, 7) for i in (0, 1)) / 2
                across = sum(clipped(x1 * 0.5 + (column + i) * width, 8) for i in (0, 1)) / 2
                assert top[number, 1, row, column].item() == pytest.approx(between(x[int(image), 1], down, across))


@pytest.mark.parametrize(("kind", "param", "channels"), [("PSROIAlign", SENSITIVE, 18), ("ROIAlignment", CENTRES, 2)])
def test_gradients(kind: str, param: str, channels: int):
    x = draw(2, channels, 5, 6).requires_grad_()
    net = one_layer(kind, param, "TRAIN", x=x, r=REGIONS)
    assert gradcheck(lambda x: net(x=x, r=REGIONS)["y0"], (x,))


@pytest.mark.parametrize(("kind", "param", "complaint"), [
    ("PSROIAlign", SENSITIVE, "wants 2 x 3 x 3 channels"), ("ROIAlignment", "roi_alignment_param { pooled_h: 2 }", "pooled_w")])
def test_what_does_not_fit_is_refused(kind: str, param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, param, x=(2, 17, 5, 6), r=(4, 5))
