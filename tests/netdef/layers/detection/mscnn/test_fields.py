"""Boxes of MS-CNN and Cascade R-CNN as offsets from a field around each place."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer

import netdef
from netdef.layers.detection.mscnn.fields import Fields, overlaps_of

MEANS, DEVIATIONS = (0.1, -0.2, 0.05, 0.3), (0.5, 0.4, 0.3, 0.2)
FIELDS = Fields([(14, 9), (21, 17)], 8, MEANS, DEVIATIONS, (0.4, math.log(1.5)))


def test_offsets_of_boxes_place_by_place():
    boxes = draw(4, 4, 2, 3).abs() * 20
    offsets = FIELDS.encode(boxes)
    for index in range(4):
        field = FIELDS.sizes[index % 2]
        for row in range(2):
            for column in range(3):
                x, y, width, height = boxes[index, :, row, column].tolist()
                parts = ((x - (column + 0.5) * 8) / field[0], (y - (row + 0.5) * 8) / field[1],
                         math.log(max(width, 2) / field[0]), math.log(max(height, 2) / field[1]))
                expected = [(part - mean) / std for part, mean, std in zip(parts, MEANS, DEVIATIONS)]
                assert offsets[index, :, row, column].tolist() == pytest.approx(expected)


def test_boxes_of_offsets_within_the_bounds():
    inside = draw(2, 4, 2, 3) * 0.01
    boxes = FIELDS.decode(inside)
    assert torch.allclose(FIELDS.encode(boxes), inside)
    far = FIELDS.decode(torch.full((2, 4, 1, 1), 50.0).double())
    assert far[1, :, 0, 0].tolist() == pytest.approx([0.4 * 21 + 4, 0.4 * 17 + 4, 21 * 1.5, 17 * 1.5])


def test_limited_offsets_pass_their_gradient():
    x = torch.tensor([9.0, -9, 9, 0.1], dtype=torch.float64).view(1, 4, 1, 1).requires_grad_()
    limited = Fields([(8, 6)], 4, MEANS, DEVIATIONS, (0.4, math.log(1.5))).limited(x)
    move, size = math.sqrt(0.5 * 0.4), math.sqrt(0.3 * 0.2)
    mean = (0.05 + 0.3) / 2
    assert limited.flatten().tolist() == pytest.approx(
        [(0.4 + 0.05) / move, (-0.4 + 0.05) / move, (math.log(1.5) - mean) / size, 0.1])
    limited.sum().backward()
    assert x.grad.flatten().tolist() == [1, 1, 1, 1]


def test_overlaps_of_boxes_of_a_corner_and_sides():
    a = torch.tensor([[0.0, 0, 4, 6], [0, 0, 4, 6], [0, 0, 0, 6]])
    b = torch.tensor([[1.0, 2, 5, 10], [4, 0, 4, 6], [0, 0, 4, 6]])
    assert overlaps_of(a, b).tolist() == pytest.approx([12 / (24 + 50 - 12), 0, 0])


@pytest.mark.parametrize(("param", "complaint"), [
    ("cls_num: 3 field_w: 8 downsample_rate: 8", "needs a `field_h` of at least 1"),
    ("cls_num: 3 field_w: 8 field_h: 6", "needs a `downsample_rate` of at least 1"),
    ("cls_num: 3 field_w: 8 field_h: 6 downsample_rate: 8 field_xyr: 0", "`field_xyr` 0; it must be above 0"),
    ("cls_num: 4 field_w: 8 field_h: 6 downsample_rate: 8", "wants 8 channels in `x`")])
def test_what_does_not_fit_is_refused(param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("DetectionAccuracy", f"detection_accuracy_param {{ {param} }}", x=(2, 7, 3, 4), t=(2, 6, 3, 4))


def test_as_many_widths_as_heights():
    with pytest.raises(netdef.SpecError, match="has 2 numbers in `field_w` and 1 in `field_h`"):
        one_layer("DetectionGroupAccuracy", "detection_group_accuracy_param { cls_num: 3 field_w: [8, 9] field_h: 6 stride: 8 }",
                  s=(2, 3, 3, 4), o=(2, 4, 3, 4), t=(2, 6, 3, 4))
