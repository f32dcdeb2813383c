"""The regions that train MS-CNN and Cascade R-CNN, and their targets."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, tops_of

import netdef

MEANS, DEVIATIONS = (0.1, -0.2, 0.05, 0.0), (0.5, 0.4, 0.3, 0.2)
STATISTICS = f"bbox_reg_param {{ bbox_mean: {list(MEANS)} bbox_std: {list(DEVIATIONS)} }}"
REGIONS = torch.tensor([
    [0, 10, 10, 29, 39],  # the first box, to the pixel
    [0, 12, 10, 29, 39],  # overlaps it by 0.9
    [0, 10, 10, 19, 29],  # by 1/3: background
    [1, 10, 10, 29, 39],  # another image's
    [0, 50, 50, 69, 69],  # overlaps an ignored box
    [0, 90, 90, 99, 99],  # nothing
]).double()
TRUE = torch.tensor([[0, 10, 10, 29, 39, 2, 0, 0], [0, 50, 50, 69, 69, 1, 1, 0], [-1, 0, 0, 5, 5, 3, 0, 0]]).double()
PARAM = "cls_num: 4 fg_thr: 0.5 bg_thr_hg: 0.5 bg_thr_lw: 0.1 img_width: 200 img_height: 150 num_img_per_batch: 2"


def test_all_objects_and_background():
    tops = tops_of("ProposalTarget", f"proposal_target_param {{ {PARAM} batch_size: -1 append_gtbox: false }} {STATISTICS}", 6,
                   "TRAIN", r=REGIONS, g=TRUE)
    regions, labels, targets, inside, outside, matches = (top.flatten(1) for top in tops)
    assert torch.equal(regions, REGIONS[:3]) and labels.flatten().tolist() == [2, 2, 0]
    parts = [(20 - (12 + 9)) / 18, 0, math.log(20 / 18), 0]
    expected = [(part - mean) / std for part, mean, std in zip(parts, MEANS, DEVIATIONS)]
    assert targets[1, 8:12].tolist() == pytest.approx(expected) and targets[1, :8].abs().sum() == targets[2].abs().sum() == 0
    assert inside[1].tolist() == [0] * 8 + [1] * 4 + [0] * 4 and torch.equal(inside, outside) and inside[2].sum() == 0
    assert matches[1].tolist() == pytest.approx([2, 10, 10, 29, 39, 0.9]) and matches[2].abs().sum() == 0


def test_true_boxes_are_regions_and_targets_may_know_no_class():
    tops = tops_of("ProposalTarget", f"proposal_target_param {{ {PARAM} batch_size: -1 bbox_thr_hg: 0.95 }} "
                   "bbox_reg_param { cls_aware: false }", 6, "TRAIN", r=REGIONS, g=TRUE)
    regions, labels, targets, inside = (top.flatten(1) for top in tops[:4])
    assert torch.equal(regions[2], TRUE[0, :5]) and labels.flatten().tolist() == [2, 2, 2, 0]
    assert targets.shape == (4, 8) and targets[1, 4].item() == pytest.approx(-1 / 18)
    assert inside[:, 4].tolist() == [0, 1, 0, 0]  # an overlap of 1 is above bbox_thr_hg


def test_a_batch_has_its_share_of_objects_and_is_filled_up():
    tops = tops_of("ProposalTarget", f"proposal_target_param {{ {PARAM} batch_size: 4 fg_fraction: 0.25 iou_weighted: true }}", 7,
                   "TRAIN", r=REGIONS, g=TRUE)
    regions, labels, weights = (tops[index].flatten(1) for index in (0, 1, 6))
    assert labels.flatten().tolist() == [2, 0, 0, 0]
    assert torch.equal(regions[1:], REGIONS[[2, 3, 5]])
    assert weights.flatten().tolist() == pytest.approx([1, 1, 1, 1])


def test_ms_cnn_fills_up_with_random_background():
    param = f"proposal_target_param {{ {PARAM} batch_size: 9 pickup_discard: false append_gtbox: false }}"
    tops = tops_of("ProposalTarget", param, 6, "TRAIN", r=REGIONS, g=TRUE[:2, :7])
    regions, labels = tops[0].flatten(1), tops[1].flatten()
    assert labels.tolist() == [2, 2] + [0] * 7
    drawn = regions[3:]
    assert ((drawn[:, 3:] - drawn[:, 1:3]) >= 31).all() and (drawn[:, 0] < 2).all() and (drawn[:, 1:3] >= 0).all()
    fewer = tops_of("ProposalTarget", param, 6, "TRAIN", r=REGIONS, g=TRUE)
    assert len(fewer[0]) == 3


def test_without_true_boxes_all_is_background():
    tops = tops_of("ProposalTarget", f"proposal_target_param {{ {PARAM} batch_size: 3 }}", 7, "TRAIN", r=REGIONS, g=TRUE[2:])
    assert torch.equal(tops[0].flatten(1), REGIONS[:3]) and tops[1].abs().sum() == tops[2].abs().sum() == 0
    assert tops[6].flatten().tolist() == [1, 1, 1]


@pytest.mark.parametrize(("param", "shapes", "complaint"), [
    ("cls_num: 4 fg_thr: 0.4", ((3, 5), (2, 7)), "`fg_thr` 0.4; it must be at least `bg_thr_hg`, 0.5"),
    ("cls_num: 4 batch_size: 0", ((3, 5), (2, 7)), "`batch_size` 0; it is -1 or above 0"),
    ("cls_num: 4", ((3, 6), (2, 7)), "rows of 5 numbers in `r`"),
    ("cls_num: 4", ((3, 5), (2, 6)), "rows of at least 7 numbers in `g`")])
def test_what_does_not_fit_is_refused(param: str, shapes, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("ProposalTarget", f"proposal_target_param {{ {param} }}", tops=6, r=shapes[0], g=shapes[1])
