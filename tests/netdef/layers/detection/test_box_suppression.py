"""NonMaxSuppression, NMS and NMSGather."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

BOXES = torch.tensor([[0.0, 0, 2, 1], [2, 1, 0, 0.5], [5, 5, 6, 6], [0, 0, 2, 1.5]]).double()
# Overlaps with the first: 0.5, 0, 2 / 3. The second, with its corners the other way round, overlaps the last by 1 / 3.


def test_of_each_image_and_class():
    scores = torch.tensor([[[0.5, 0.9, 0.3, 0.8], [0.05, 0.1, 0.3, 0.2]], [[0, 0, 0, 0], [0.6, 0.9, 0.3, 0.7]]]).double()
    param = "max_output_boxes_per_class: 2 iou_threshold: 0.4 score_threshold: 0.1"
    top = top_of("NonMaxSuppression", f"non_max_suppression_param {{ {param} }}", b=BOXES.expand(2, -1, -1), s=scores)
    assert top.tolist() == [[0, 0, 1], [0, 0, 3], [0, 1, 2], [0, 1, 3], [1, 1, 1], [1, 1, 3], [0, 0, 0], [0, 0, 0]]


def test_boxes_by_their_centres():
    scores, boxes = torch.tensor([[[0.9, 0.5]]]).double(), torch.tensor([[[1.0, 1, 2, 2], [1.5, 1, 2, 2]]]).double()
    for centred, threshold, last in ((1, 0.59, 0), (1, 0.61, 1), (0, 0.49, 0), (0, 0.51, 1)):  # overlaps 0.6; as corners 0.5
        param = f"max_output_boxes_per_class: 2 iou_threshold: {threshold} center_point_box: {centred}"
        top = top_of("NonMaxSuppression", f"non_max_suppression_param {{ {param} }}", b=boxes, s=scores)
        assert top.tolist() == [[0, 0, 0], [0, 0, last]]


@pytest.mark.parametrize("axis", [0, 1])
def test_the_first_boxes_apart(axis):
    x = BOXES if axis == 0 else BOXES.T.contiguous()
    top = top_of("NMSGather", f"nms_gather_param {{ top_k: 3 axis: {axis} iou_threshold: 0.6 }}", x=x)
    top = top if axis == 0 else top.T
    assert torch.equal(top, BOXES[:3])
    for threshold, numbers in ((0.6, [0, 1, 2]), (0.4, [0, 2, 0])):
        assert top_of("NMS", f"nms_param {{ top_k: 3 axis: {axis} iou_threshold: {threshold} }}", x=x).tolist() == numbers
    top = top_of("NMSGather", f"nms_gather_param {{ top_k: 3 axis: {axis} iou_threshold: 0.4 }}", x=x)
    top = top if axis == 0 else top.T
    assert torch.equal(top, torch.cat((BOXES[[0, 2]], torch.zeros(1, 4).double())))


@pytest.mark.parametrize("kind, param, shapes, said", [
    ("NonMaxSuppression", "", {"b": (2, 4, 4), "s": (2, 3, 4)}, "needs a `max_output_boxes_per_class`"),
    ("NonMaxSuppression", "", {"b": (2, 4, 4), "s": (2, 4, 3)}, "it wants .N, R, 4. and .N, C, R."),
    ("NonMaxSuppression", "non_max_suppression_param { max_output_boxes_per_class: 1 iou_threshold: 1.5 }",
     {"b": (2, 4, 4), "s": (2, 3, 4)}, "from 0 to 1"),
    ("NMSGather", "nms_gather_param { top_k: 7 }", {"x": (6, 4)}, "takes 7 boxes"),
    ("NMSGather", "nms_gather_param { top_k: 2 axis: 1 }", {"x": (6, 4)}, "along axis 1 of a bottom of shape .6, 4.")])
def test_what_does_not_fit_is_refused(kind, param, shapes, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer(kind, param, **shapes)
