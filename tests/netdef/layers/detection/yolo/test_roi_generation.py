"""RoiGen: regions from YOLO's maps."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, tops_of

import netdef

PARAM = "num_class: 0 num_object: 2 anchor_x: 2 anchor_x: 1 anchor_y: 1.5 anchor_y: 3 net_w: 400 net_h: 300"


def maps(*boxes: tuple[int, int, int, int, float]) -> torch.Tensor:
    """Maps (2, 10, 3, 4) where these anchors have that objectness, centred in their place: image, anchor, row, column."""
    x = torch.zeros(2, 10, 3, 4).double()
    x[:, 4], x[:, 9] = -9, -9
    for image, anchor, row, column, chance in boxes:
        x[image, 5 * anchor + 4, row, column] = math.log(chance / (1 - chance))
    return x


def test_regions_in_the_order_of_their_places():
    """In units of places anchor 0 is 2 x 1.5, anchor 1 is 1 x 3; a place is 100 x 100 pixels."""
    x = maps((1, 0, 1, 1, 0.9), (0, 1, 1, 3, 0.7), (0, 0, 1, 1, 0.8), (0, 0, 0, 0, 0.5))
    regions, there = tops_of("RoiGen", f"roi_gen_param {{ {PARAM} prop_num: 4 }}", 2, x=x)
    assert regions.flatten().tolist() == pytest.approx(
        [0, 50, 75, 250, 225, 0, 300, 0, 400, 300, 1, 50, 75, 250, 225, 0, 0, 0, 0, 0])
    assert there.tolist() == [1, 1, 1, 0]


def test_sizes_places_and_borders():
    x = maps((0, 0, 0, 0, 0.9))
    x[0, :4, 0, 0] = torch.tensor([math.log(3), math.log(4), math.log(2), 0])  # 0.75 and 0.8 of a place; twice as wide
    regions, _ = tops_of("RoiGen", f"roi_gen_param {{ {PARAM} prop_num: 1 }}", 2, x=x)
    assert regions[0].tolist() == pytest.approx([0, 0, 5, 275, 155])  # from -125 to 275, and from 5 to 155


def test_a_box_that_overlaps_a_surer_one_is_left_out():
    """Boxes of anchor 0 one column apart share 1 of 3 parts, less than 0.4; in one place with anchor 1 it is 1.5 of 4.5.

    With the width of the second 1.5 times as large, 1.5 of 3.5 columns are shared.
    """
    x = maps((0, 0, 1, 1, 0.9), (0, 0, 1, 2, 0.8), (0, 1, 1, 1, 0.7))
    for width, count in ((1, 3), (1.5, 2)):
        x[0, 2, 1, 2] = math.log(width)
        assert tops_of("RoiGen", f"roi_gen_param {{ {PARAM} prop_num: 4 }}", 2, x=x)[1].sum() == count


def test_only_the_first_stay():
    x = maps((0, 0, 0, 0, 0.7), (0, 0, 2, 3, 0.9), (1, 1, 1, 1, 0.95))
    regions, there = tops_of("RoiGen", f"roi_gen_param {{ {PARAM} prop_num: 2 }}", 2, x=x)
    assert regions[:, 0].tolist() == [0, 0] and there.tolist() == [1, 1]


@pytest.mark.parametrize(("param", "shape", "complaint"), [
    (PARAM.replace("num_class: 0", ""), (1, 10, 3, 4), "has `num_class` 20 and `num_coord` 4; only 0 and 4 are read"),
    (PARAM, (1, 12, 3, 4), "wants 10 channels"),
    (PARAM + " anchor_x: 3", (1, 10, 3, 4), "has 3 `anchor_x` and 2 `anchor_y`"),
    (PARAM + " prop_num: 0", (1, 10, 3, 4), "has `prop_num` 0"),
])
def test_what_does_not_fit_is_refused(param: str, shape: tuple, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("RoiGen", f"roi_gen_param {{ {param} }}", tops=2, x=shape)
