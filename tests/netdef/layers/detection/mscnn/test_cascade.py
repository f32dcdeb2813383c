"""Regions from stage to stage of Cascade R-CNN, by arithmetic."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, tops_of

import netdef

REGIONS = torch.tensor([[0, 1, 2, 10, 13], [1, 3, 4, 9, 8], [1, 20, 0, 52, 32], [0, 5, 5, 4, 9]]).double()


def test_offsets_move_and_stretch_regions():
    offsets = draw(4, 8, seed=2)
    (top,) = tops_of("DecodeBBox", "bbox_reg_param { bbox_mean: [0.1, 0, 0, 0.2] bbox_std: [0.5, 0.25, 1, 2] }", 1,
                     o=offsets, r=REGIONS)
    expected = []
    for row, (image, x1, y1, x2, y2) in zip(offsets[:, 4:].tolist(), REGIONS.tolist()):
        dx, dy, dw, dh = (value * std + mean for value, std, mean in zip(row, (0.5, 0.25, 1, 2), (0.1, 0, 0, 0.2)))
        width, height = x2 - x1 + 1, y2 - y1 + 1
        wide, high = width * math.exp(dw), height * math.exp(dh)
        left, up = dx * width + (x1 + x2) / 2 - (wide - 1) / 2, dy * height + (y1 + y2) / 2 - (high - 1) / 2
        expected.append([image, left, up, left + wide - 1, up + high - 1])
    assert top.shape == (4, 5, 1, 1)
    torch.testing.assert_close(top[..., 0, 0], torch.tensor(expected).double())


def test_in_training_inverted_regions_and_those_on_true_boxes_are_dropped():
    offsets, truths = torch.zeros(4, 8).double(), torch.zeros(4, 6).double()
    truths[:, 5] = torch.tensor([0.5, 0.95, 0.2, 0.0])
    regions = REGIONS.clone()
    regions[3, 3] = 1  # the last is 1 - 5 + 1 wide
    (top,) = tops_of("DecodeBBox", "", 1, "TRAIN", o=offsets, r=regions, t=truths)
    assert torch.equal(top[..., 0, 0], regions[[0, 2]])
    (top,) = tops_of("DecodeBBox", "decode_bbox_param { gt_iou_thr: 0.96 }", 1, "TRAIN", o=offsets, r=regions, t=truths)
    assert torch.equal(top[..., 0, 0], regions[:3])
    (top,) = tops_of("DecodeBBox", "", 1, o=offsets, r=regions)
    assert torch.equal(top[..., 0, 0], regions)


def test_the_table_of_shapes_has_one_row():
    net = one_layer("ScaleRoute", tops=2, r=(4, 5), x=(4, 3))
    assert net.shapes["y0"] == (1, 5) and net.shapes["y1"] == (1, 3)


def test_rows_are_divided_by_the_size_of_their_region():
    others = draw(4, 3)
    # Sizes: sqrt(10 * 12), sqrt(7 * 5), 33, and 0 for the inverted one.
    for limits, rows in (("low_scale: 6", [0, 2]), ("high_scale: 11", [0, 1, 3]), ("low_scale: 5 high_scale: 11", [0, 1]),
                         ("", [0, 1, 2, 3])):
        routed, kept = tops_of("ScaleRoute", f"scale_route_param {{ {limits} }}", 2, r=REGIONS, x=others)
        assert torch.equal(routed, REGIONS[rows]) and torch.equal(kept, others[rows])


@pytest.mark.parametrize(("limits", "row"), [
    ("low_scale: 100", 2), ("high_scale: 0.0001", 1), ("low_scale: 12 high_scale: 15", 0),
    ("low_scale: 12 high_scale: 32", 2)])  # 33 is 1.7 times 19.6, which is 1.8 times 11
def test_without_a_region_of_the_size_the_nearest_is_passed_on(limits: str, row: int):
    regions = REGIONS[:3]
    (routed,) = tops_of("ScaleRoute", f"scale_route_param {{ {limits} }}", 1, r=regions)
    assert torch.equal(routed, regions[[row]])


def test_what_does_not_fit_is_refused():
    with pytest.raises(netdef.SpecError, match="wants 4 rows of 8 numbers in `o`, which has shape \\(4, 4\\)"):
        one_layer("DecodeBBox", o=(4, 4), r=(4, 5))
    with pytest.raises(netdef.SpecError, match="has a third bottom, true boxes, which belongs to TRAIN"):
        one_layer("DecodeBBox", o=(4, 8), r=(4, 5), t=(4, 6))
    with pytest.raises(netdef.SpecError, match="has 1 bottoms and 2 tops; it wants as many"):
        one_layer("ScaleRoute", tops=2, r=(4, 5))
    with pytest.raises(netdef.SpecError, match="has `low_scale` 9 and `high_scale` 8; the first must not be the greater"):
        one_layer("ScaleRoute", "scale_route_param { low_scale: 9 high_scale: 8 }", r=(4, 5))
