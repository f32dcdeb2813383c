"""RPN by hand."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, tops_of

from netdef.errors import SpecError

ONE = "rpn_param { feat_stride: 16 basesize: 16 scale: 1 ratio: 1 boxminsize: %d nms_thresh: %g %s }"


def row(*chances: float) -> torch.Tensor:
    """Scores (1, 2, 1, W) of one anchor, whose background is never read."""
    return torch.tensor([[[9.0] * len(chances)], [chances]], dtype=torch.float64)[None]


def propose(param: str, scores: torch.Tensor, offsets: torch.Tensor, info: list[float]):
    return tops_of("RPN", param, 2, s=scores, o=offsets, i=torch.tensor([info]).double())


def test_boxes_end_at_the_sides_of_the_image():
    """Boxes of 16 pixels at columns 0, 16 and 32; the second moved by a quarter and doubled in height."""
    offsets = torch.zeros(1, 4, 1, 3).double()
    offsets[0, :, 0, 1] = torch.tensor([0.25, 0, 0, math.log(2)])
    found, scores = propose(ONE % (2, 0.7, ""), row(0.2, 0.9, 0.5), offsets, [12, 40, 1])
    assert found.tolist() == [[0, 20, 0, 36, 12], [0, 32, 0, 40, 12], [0, 0, 0, 16, 12]]
    assert scores.tolist() == [[0.9], [0.5], [0.2]]


def test_sides_are_measured_before_the_boxes_are_clipped():
    """Boxes of 16 x 16, the second 8 wide, of an image of 9 rows that was scaled by 2: 8 pixels of it must be 16 here."""
    offsets = torch.zeros(1, 4, 1, 2).double()
    offsets[0, 2, 0, 1] = -math.log(2)
    for least, starts in ((3, [20, 0]), (8, [0]), (9, [])):
        found, _ = propose(ONE % (least, 0.9, ""), row(0.8, 0.9), offsets, [9, 90, 2])
        assert found[:, 1].tolist() == pytest.approx(starts)


def test_counts_and_overlaps():
    """Steps of 4: boxes of 16 pixels with both corners; neighbours share 12 of 20 columns, 0.6, and every second 8 of 24."""
    scores, offsets = row(0.9, 0.8, 0.7, 0.6), torch.zeros(1, 4, 1, 4).double()

    def starts(threshold: float, more: str = "") -> list[float]:
        param = ONE.replace("_stride: 16 basesize: 16", "_stride: 4 basesize: 15") % (1, threshold, more)
        return propose(param, scores, offsets, [400, 400, 1])[0][:, 1].tolist()

    assert starts(0.7) == [0, 4, 8, 12]
    assert starts(0.6) == [0, 8]  # an overlap of `nms_thresh` is one too many
    assert starts(0.7, "post_nms_topn: 3") == [0, 4, 8]
    assert starts(0.6, "per_nms_topn: 2") == [0]


def test_corners_of_anchors_are_cut_to_whole_numbers():
    """Ratio 0.5 of 16 x 16: 23 wide, 11.5 rounded to 12 high; scales of 1 and 2 about the middle 7.5."""
    param = "rpn_param { feat_stride: 16 basesize: 16 scale: 1 scale: 2 ratio: 0.5 nms_thresh: 1 }"
    net = one_layer("RPN", param, s=(1, 4, 2, 3), o=(1, 8, 2, 3), i=(1, 3))
    # From 7.5 - 11 to 7.5 + 11, cut toward 0; the other corners are whole.
    assert net.layers["l"].settings.anchors == [(-3, 2, 18, 13), (-15, -4, 30, 19)]


@pytest.mark.parametrize(("param", "complaint"), [
    ("rpn_param { basesize: 16 scale: 8 ratio: 1 nms_thresh: 0.7 }", "feat_stride"),
    ("rpn_param { feat_stride: 16 basesize: 16 scale: 8 ratio: 1 }", "nms_thresh"),
    ("rpn_param { feat_stride: 16 basesize: 16 scale: 8 nms_thresh: 0.7 }", "has no `ratio`"),
    ("rpn_param { feat_stride: 16 basesize: 16 ratio: 1 nms_thresh: 0.7 }", "has no `scale`"),
    ("rpn_param { feat_stride: 16 basesize: 16 ratio: 1 scale: 8 scale: 16 nms_thresh: 0.7 }",
     "has 2 anchors and wants `s` of shape"),
])
def test_settings_that_are_refused(param: str, complaint: str):
    with pytest.raises(SpecError, match=complaint):
        one_layer("RPN", param, s=(1, 2, 2, 3), o=(1, 4, 2, 3), i=(1, 3))


def test_several_images_are_refused():
    with pytest.raises(SpecError, match="takes one image"):
        one_layer("RPN", ONE % (1, 0.5, ""), s=(2, 2, 2, 3), o=(2, 4, 2, 3), i=(2, 3))
