"""SimplerNMS and FasterRcnnDetectionOutput by hand."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of

from netdef.errors import SpecError

NMS = "simpler_nms_param { scale: 1 scale: 2 min_bbox_size: 8 %s }"
OUT = "faster_rcnn_detection_output_param { num_classes: 3 %s }"


def one_anchor(height: int, width: int, place: tuple[int, int, int], score: float = 0.75):
    """Scores of 0 but for one anchor at a place, (anchor, row, column), and offsets of 0."""
    anchor, row, column = place
    scores = torch.zeros(1, 12, height, width).double()
    scores[0, 6 + anchor, row, column] = score
    return scores, torch.zeros(1, 24, height, width).double()


def test_a_region_is_its_anchor_clipped_to_the_image():
    """Anchor 2 is of ratio 1 and scale 1: 16 x 16 from 0; a place is 16 pixels, and the moved box has a pixel more."""
    scores, offsets = one_anchor(2, 3, (2, 1, 2))
    offsets[0, 8:12, 1, 2] = torch.tensor([0.25, -0.125, math.log(2), 0]).double()  # right by 4, up by 2, twice as wide
    top = top_of("SimplerNMS", NMS % "post_nms_topn: 1", s=scores, o=offsets, i=torch.tensor([[30.0, 50, 1]]).double())
    centre_x, centre_y = 32 + 8 + 4, 16 + 8 - 2
    assert top[0].tolist() == pytest.approx([0, centre_x - 16, centre_y - 8, min(centre_x + 16, 49), min(centre_y + 8, 29)])


def test_the_scale_of_the_smallest_side_is_cut_to_a_whole_number():
    """Anchor 0, 23 x 12, is left out where the smallest side is 8 times 2; 8 times 1.9 is 8."""
    scores, offsets = one_anchor(2, 3, (0, 0, 1))
    for scale, kept in ((1.9, True), (2.0, False)):
        top = top_of("SimplerNMS", NMS % "post_nms_topn: 1", s=scores, o=offsets, i=torch.tensor([[99.0, 99, scale]]).double())
        assert len(top) == 1 and (float(top[0, 4] - top[0, 2]) == 12) == kept


@pytest.mark.parametrize(("param", "complaint"), [
    (NMS % "feat_stride: 8", "has `feat_stride` 8; the fork takes 16 only"),
    ("simpler_nms_param { }", "needs a `scale`"),
    (NMS % "post_nms_topn: 0", "post_nms_topn"),
])
def test_settings_that_are_refused(param: str, complaint: str):
    with pytest.raises(SpecError, match=complaint):
        one_layer("SimplerNMS", param, s=(1, 12, 2, 3), o=(1, 24, 2, 3), i=(1, 3))
    with pytest.raises(SpecError, match="takes one image"):
        one_layer("SimplerNMS", NMS % "", s=(2, 12, 2, 3), o=(2, 24, 2, 3), i=(2, 3))


REGIONS = torch.tensor([[0.0, 10, 20, 29, 39], [0, 11, 20, 30, 39], [0, 60, 40, 99, 99]]).double()
INFO = torch.tensor([[80.0, 90, 2]]).double()


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_detections_are_in_pixels_of_the_image_before(phase: str):
    scores = torch.tensor([[0.1, 0.6, 0.3], [0.1, 0.8, 0.1], [0.2, 0.1, 0.7]]).double()
    offsets = torch.zeros(3, 12).double()
    offsets[2, 8:] = torch.tensor([0.25, 0, 0, math.log(0.5)]).double()  # of class 2: right by 10 of 40, half of 60 high
    top = top_of("FasterRcnnDetectionOutput", OUT % "confidence_threshold: 0.5 nms_param { nms_threshold: 0.3 }", phase,
                 o=offsets, s=scores, r=REGIONS, i=INFO)
    first = [0, 1, 0.8, 11 / 2, 20 / 2, 31 / 2, 40 / 2]  # the one of 0.6 overlaps it by 19 of 21 columns
    second = [0, 2, 0.7, 70 / 2, 55 / 2, 89 / 2, 79 / 2]  # 70 to 110 and 55 to 85, clipped to 90 x 80
    torch.testing.assert_close(top, torch.tensor([[[first, second]]]).double())


def test_without_detections_there_is_a_row():
    top = top_of("FasterRcnnDetectionOutput", OUT % "confidence_threshold: 2", o=draw(3, 12), s=draw(3, 3), r=REGIONS, i=INFO)
    assert top.flatten().tolist() == [0, -1, -1, -1, -1, -1, -1]


def test_bottoms_that_do_not_fit():
    with pytest.raises(SpecError, match="wants 12 numbers a region in `o`"):
        one_layer("FasterRcnnDetectionOutput", OUT % "", o=(3, 8), s=(3, 3), r=(3, 5), i=(1, 3))
    with pytest.raises(SpecError, match="wants height, width and scale"):
        one_layer("FasterRcnnDetectionOutput", OUT % "", o=(3, 12), s=(3, 3), r=(3, 5), i=(1, 2))
