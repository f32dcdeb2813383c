"""The scores of MS-CNN's and Cascade R-CNN's maps and boxes."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, tops_of

import netdef

MEANS, DEVIATIONS = (0.1, -0.2, 0.05, 0.0), (0.5, 0.4, 0.3, 0.2)
STATISTICS = f"bbox_reg_param {{ bbox_mean: {list(MEANS)} bbox_std: {list(DEVIATIONS)} }}"
TRUTH = torch.zeros(1, 6, 1, 4).double()
TRUTH[0, :, 0, 1] = torch.tensor([2, 12, 4, 12, 8, 0.9])  # label, centre, size, overlap
TRUTH[0, :, 0, 2] = torch.tensor([1, 20, 5, 10, 9, 0.8])
TRUTH[0, 5, 0, 3] = 0.6  # neither object nor background


def overlap(a, b) -> float:
    """Of boxes x, y, width, height."""
    wide, high = (min(a[i] + a[i + 2], b[i] + b[i + 2]) - max(a[i], b[i]) for i in (0, 1))
    both = max(wide, 0) * max(high, 0)
    return both / (a[2] * a[3] + b[2] * b[3] - both)


def box_of(offsets, column: int, field) -> tuple[float, ...]:
    dx, dy, dw, dh = (float(offset) * std + mean for offset, std, mean in zip(offsets, DEVIATIONS, MEANS))
    width, height = field[0] * math.exp(dw), field[1] * math.exp(dh)
    return dx * field[0] + (column + 0.5) * 8 - width / 2, dy * field[1] + 4 - height / 2, width, height


def test_of_maps_of_one_field():
    x = draw(1, 7, 1, 4) * 0.2
    x[0, :3, 0] = torch.tensor([[5.0, 1, 0, 0], [0, 2, 3, 9], [1, 0, 1, 0]])  # right, third, right, not counted
    field = 14, 9
    param = "cls_num: 3 field_w: 14 field_h: 9 downsample_rate: 8 bg_threshold: 0.4 field_xyr: 0.5 field_whr: 9"
    scores, overlaps = tops_of("DetectionAccuracy", f"detection_accuracy_param {{ {param} }} {STATISTICS}", 2, x=x, t=TRUTH)
    assert scores.flatten().tolist() == pytest.approx([2 / 3, 1 / 2])
    found = [overlap(box_of(x[0, 3:, 0, column], column, field), true)
             for column, true in ((1, (6, 0, 12, 8)), (2, (15, 0.5, 10, 9)))]
    assert overlaps.item() == pytest.approx(sum(found) / 2)
    three = tops_of("DetectionAccuracy", f"detection_accuracy_param {{ {param} top_k: 3 }}", 1, x=x, t=TRUTH)
    assert three[0].flatten().tolist() == [1, 1]


def test_of_equal_scores_ms_cnn_takes_the_last_class_and_cascade_r_cnn_the_first():
    x, offsets = torch.zeros(1, 3, 1, 4).double(), torch.zeros(1, 4, 1, 4).double()
    one = "cls_num: 3 field_w: 14 field_h: 9 bg_threshold: 0.4"
    last = tops_of("DetectionAccuracy", f"detection_accuracy_param {{ {one} downsample_rate: 8 }}", 1,
                   x=torch.cat((x, offsets), 1), t=TRUTH)
    first = tops_of("DetectionGroupAccuracy", f"detection_group_accuracy_param {{ {one} stride: 8 }}", 1, s=x, o=offsets, t=TRUTH)
    assert last[0].flatten().tolist() == pytest.approx([1 / 3, 1 / 2])  # the object of class 2
    assert first[0].flatten().tolist() == pytest.approx([1 / 3, 0])  # the background


def test_any_object_with_objectness():
    scores = torch.tensor([[0.0, 0, 9, 0], [1, 1, 0, 1]]).double().view(1, 2, 1, 4)
    param = "cls_num: 2 field_w: 14 field_h: 9 stride: 8 bg_threshold: 0.4 objectness: true"
    top, = tops_of("DetectionGroupAccuracy", f"detection_group_accuracy_param {{ {param} }}", 1, s=scores,
                   o=torch.zeros(1, 4, 1, 4).double(), t=TRUTH)
    assert top.flatten().tolist() == pytest.approx([1 / 3, 1 / 2])


def test_nothing_to_count_is_minus_1():
    truth = torch.zeros(1, 6, 1, 1).double()
    truth[:, 5] = 0.9
    param = "cls_num: 2 field_w: 14 field_h: 9 stride: 8"
    tops = tops_of("DetectionGroupAccuracy", f"detection_group_accuracy_param {{ {param} }}", 2,
                   s=torch.zeros(1, 2, 1, 1).double(), o=torch.zeros(1, 4, 1, 1).double(), t=truth)
    assert [top.flatten().tolist() for top in tops] == [[-1, -1], [-1]]


REGIONS = torch.tensor([[0.0, 2, 3, 9, 12], [1, 5, 5, 20, 15], [0, 0, 0, 9, 9]]).double()
MATCHES = torch.tensor([[2.0, 3, 4, 11, 12, 0.7], [0] * 6, [1, 0, 0, 9, 9, 1]]).double()


@pytest.mark.parametrize(("aware", "first"), [("true", 8), ("false", 4)])
def test_of_regions(aware: str, first: int):
    offsets = draw(3, 12 if aware == "true" else 8) * 0.3
    after, before = tops_of("BboxAccuracy", f"{STATISTICS[:-1]} cls_aware: {aware} }}", 2, o=offsets, r=REGIONS, t=MATCHES)
    true = 3, 4, 9, 9
    dx, dy, dw, dh = (float(o) * s + m for o, s, m in zip(offsets[0, first : first + 4], DEVIATIONS, MEANS))
    width, height = 8 * math.exp(dw), 10 * math.exp(dh)
    moved = 2 + 4 + dx * 8 - width / 2, 3 + 5 + dy * 10 - height / 2, width, height
    assert (before.item(), after.item()) == pytest.approx((overlap((2, 3, 8, 10), true), overlap(moved, true)))


def test_what_does_not_fit_is_refused():
    with pytest.raises(netdef.SpecError, match="rows of 4 for each class numbers in `o`"):
        one_layer("BboxAccuracy", "", o=(3, 10), r=(3, 5), t=(3, 6))
    with pytest.raises(netdef.SpecError, match="has `top_k` 0; it must be at least 1"):
        one_layer("DetectionAccuracy", "detection_accuracy_param { cls_num: 3 field_w: 8 field_h: 6 downsample_rate: 8 "
                  "top_k: 0 }", x=(2, 7, 3, 4), t=(2, 6, 3, 4))
