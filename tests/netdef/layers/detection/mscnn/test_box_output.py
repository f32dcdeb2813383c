"""Regions of MS-CNN and Cascade R-CNN, box by box as in their code."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, tops_of

import netdef

MEANS, DEVIATIONS = (0.1, -0.2, 0.05, 0.0), (0.5, 0.4, 0.3, 0.2)
STATISTICS = f"bbox_reg_param {{ bbox_mean: {list(MEANS)} bbox_std: {list(DEVIATIONS)} }}"


def limited(value: float, bound: float) -> float:
    return max(-bound, min(bound, value))


def box_of(offsets, row: int, column: int, field, stride: int, xyr: float, whr: float):
    """x, y, width and height before anything is cut off."""
    dx, dy, dw, dh = (float(offset) * std + mean for offset, std, mean in zip(offsets, DEVIATIONS, MEANS))
    width = field[0] * math.exp(limited(dw, math.log(whr)))
    height = field[1] * math.exp(limited(dh, math.log(whr)))
    x = limited(dx, 1 / xyr) * field[0] + (column + 0.5) * stride - width / 2
    y = limited(dy, 1 / xyr) * field[1] + (row + 0.5) * stride - height / 2
    return x, y, width, height


def overlap(a, b, pixel: int) -> float:
    """Of boxes x1, y1, x2, y2."""
    high, wide = (min(a[i + 2], b[i + 2]) - max(a[i], b[i]) + pixel for i in (1, 0))
    both = max(high, 0) * max(wide, 0)
    area = sum((box[2] - box[0] + pixel) * (box[3] - box[1] + pixel) for box in (a, b))
    return both / (area - both)


def suppressed(found: list[tuple[float, list[float]]], pixel: int, before: int, after: int, most: float):
    """The boxes that stay of (score, box), sorted."""
    kept: list[tuple[float, list[float]]] = []
    for score, box in found[:before]:
        if all(overlap(box, other, pixel) <= most for _, other in kept):
            kept.append((score, box))
    return kept[:after]


def test_regions_of_maps_of_one_field_each():
    maps = draw(2, 7, 3, 4, seed=1), draw(2, 7, 2, 2, seed=2)
    fields, strides = [(14, 9), (21, 17)], [8, 16]
    param = ("box_output_param { fg_thr: -0.5 iou_thr: 0.3 field_w: 14 field_w: 21 field_h: 9 field_h: 17 downsample_rate: 8 "
             f"downsample_rate: 16 field_whr: 1.25 field_xyr: 5 max_nms_num: 12 max_post_nms_num: 5 min_size: 6 }} {STATISTICS}")
    regions, scored = tops_of("BoxOutput", param, 2, a=maps[0], b=maps[1])
    expected = []
    for image in range(2):
        found = []
        for x, field, stride in zip(maps, fields, strides):
            height, width = x.shape[2:]
            for row in range(height):
                for column in range(width):
                    here = x[image, :, row, column]
                    left, top, w, h = box_of(here[3:], row, column, field, stride, 5, 1.25)
                    left, top = max(left, 0), max(top, 0)
                    w, h = min(w, width * stride - left), min(h, height * stride - top)
                    score = float(here[1:3].max() - here[0])
                    if score >= -0.5 and w >= 6 and h >= 6:
                        found.append((score, [left, top, left + w, top + h]))
        found.sort(reverse=True)
        expected += [[image, *box, score] for score, box in suppressed(found, 0, 12, 5, 0.3)]
    assert len(expected) > 6
    torch.testing.assert_close(scored[..., 0, 0], torch.tensor(expected).double())
    assert regions.shape == (len(expected), 5, 1, 1) and torch.equal(regions, scored[:, :5])


def test_regions_of_groups_of_fields():
    images, groups = 2, [[(14, 9), (8, 12)], [(21, 17)]]
    chances = draw(4, 3, 3, 4, seed=1).softmax(1), draw(2, 3, 2, 2, seed=2).softmax(1)
    offsets = draw(4, 4, 3, 4, seed=3), draw(2, 4, 2, 2, seed=4)
    param = ("box_group_output_param { fg_thr: 0.4 iou_thr: 0.3 "
             "box_group_param { field_w: 14 field_w: 8 field_h: 9 field_h: 12 stride: 8 } "
             "box_group_param { field_w: 21 field_h: 17 stride: 16 } "
             f"field_whr: 1.25 field_xyr: 5 max_nms_num: 15 max_post_nms_num: 6 min_size: 6 }} {STATISTICS}")
    regions, scored = tops_of("BoxGroupOutput", param, 2, a=chances[0], b=offsets[0], c=chances[1], d=offsets[1])
    expected = []
    for image in range(images):
        found = []
        for x, moves, fields, stride in zip(chances, offsets, groups, (8, 16)):
            height, width = x.shape[2:]
            for k, field in enumerate(fields):
                place = image * len(fields) + k
                for row in range(height):
                    for column in range(width):
                        left, top, w, h = box_of(moves[place, :, row, column], row, column, field, stride, 5, 1.25)
                        box = [max(left, 0), max(top, 0), min(left + w - 1, width * stride), min(top + h - 1, height * stride)]
                        score = 1 - float(x[place, 0, row, column])
                        if score >= 0.4 and box[2] - box[0] + 1 >= 6 and box[3] - box[1] + 1 >= 6:
                            found.append((score, box))
        found.sort(key=lambda each: -each[0])
        expected += [[image, *box, score] for score, box in suppressed(found, 1, 15, 6, 0.3)]
    assert len(expected) > 6
    torch.testing.assert_close(scored[..., 0, 0], torch.tensor(expected).double())
    assert torch.equal(regions, scored[:, :5])


def test_without_a_box_there_is_one_of_the_first_image():
    param = "box_output_param { fg_thr: 9 field_w: 14 field_h: 9 downsample_rate: 8 }"
    regions, scored = tops_of("BoxOutput", param, 2, a=torch.zeros(2, 6, 3, 4).double())
    assert regions.flatten().tolist() == [0, 1, 1, 10, 10] and scored.flatten().tolist() == [0] * 6


def test_of_equal_scores_the_last_box_goes_first():
    param = "box_output_param { field_w: 8 field_h: 8 downsample_rate: 8 min_size: 1 max_post_nms_num: 1 }"
    (regions,) = tops_of("BoxOutput", param, 1, a=torch.zeros(1, 6, 1, 3).double())
    assert regions.flatten().tolist() == [0, 16, 0, 24, 8]


def test_the_table_of_shapes_has_one_region():
    net = one_layer("BoxOutput", "box_output_param { field_w: 8 field_h: 8 downsample_rate: 8 }", tops=2, a=(2, 6, 3, 4))
    assert net.shapes["y0"] == (1, 5, 1, 1) and net.shapes["y1"] == (1, 6, 1, 1)


@pytest.mark.parametrize(("kind", "param", "shapes", "complaint"), [
    ("BoxOutput", "", {"a": (1, 6, 3, 4)}, "has 1 bottoms and 0 numbers in `field_w`; it wants one each"),
    ("BoxOutput", 'box_output_param { nms_type: "IOMU" }', {"a": (1, 6, 3, 4)}, 'has `nms_type` "IOMU"; only IOU'),
    ("BoxOutput", "box_output_param { field_w: 8 field_h: 8 downsample_rate: 8 }", {"a": (1, 5, 3, 4)},
     "2 classes or more and 4 offsets"),
    ("BoxOutput", "box_output_param { field_xyr: 0 }", {"a": (1, 6, 3, 4)}, "has `field_xyr` 0; it must be above 0"),
    ("BoxGroupOutput", "", {"a": (1, 2, 3, 4), "b": (1, 4, 3, 4)}, "has 2 bottoms and 0 `box_group_param`"),
    ("BoxGroupOutput", "box_group_output_param { box_group_param { field_w: 8 stride: 8 } }",
     {"a": (1, 2, 3, 4), "b": (1, 4, 3, 4)}, "has 1 numbers in `field_w` and 0 in `field_h`"),
    ("BoxGroupOutput", "box_group_output_param { box_group_param { field_w: 8 field_h: 8 stride: 8 } }",
     {"a": (1, 2, 3, 4), "b": (1, 3, 3, 4)}, "offsets \\(.., 4, ..\\) of as many"),
    ("BoxOutput", "box_output_param { field_w: 8 field_h: 8 downsample_rate: 8 } bbox_reg_param { bbox_mean: 0 bbox_std: 1 }",
     {"a": (1, 6, 3, 4)}, "has 1 numbers in `bbox_mean`; it wants 4")])
def test_what_does_not_fit_is_refused(kind: str, param: str, shapes: dict[str, tuple[int, ...]], complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, param, **shapes)
