"""MaskRCNNProposal and MaskRCNNDetection."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

ANCHORS = torch.tensor([[0.1, 0.1, 0.5, 0.5], [0.6, 0.6, 0.9, 0.8], [0.1, 0.1, 0.5, 0.4], [0.2, 0.7, 0.4, 1.2]]).double()[None]
PROPOSAL = "rpn_bbox_std_dev: [0.5, 0.1, 0.2, 0.2] pre_nms_limit: 3 post_nms_rois_inference: 4"


def test_the_best_anchors_moved_and_apart():
    scores = torch.tensor([[[0.0, 0.5], [0, 0.9], [0, 0.3], [0, 0.8]]]).double()  # the limit leaves anchor 2 out
    offsets = torch.zeros(1, 4, 4).double()
    offsets[0, 1] = torch.tensor([0.2, -1, 5 * math.log(2), 0])  # 0.1 and -0.1 heights and widths; twice as high
    top = top_of("MaskRCNNProposal", f"maskrcnn_proposal_param {{ {PROPOSAL} }}", s=scores, o=offsets, a=ANCHORS)
    centre = 0.75 + 0.1 * 0.3
    wanted = [[centre - 0.3, 0.58, 1, 0.78], [0.2, 0.7, 0.4, 1], [0.1, 0.1, 0.5, 0.5], [0, 0, 0, 0]]
    torch.testing.assert_close(top[0], torch.tensor(wanted).double())


@pytest.mark.parametrize("threshold, kept", [(0.75, 1), (0.76, 2)])
def test_an_overlap_of_the_threshold_is_too_much(threshold, kept):
    scores, boxes = torch.tensor([[[0.0, 0.5], [0, 0.9]]]).double(), torch.tensor([[[0.0, 0, 1, 0.75], [0, 0, 1, 1]]]).double()
    param = f"{PROPOSAL} rpn_nms_threshold: {threshold}"
    top = top_of("MaskRCNNProposal", f"maskrcnn_proposal_param {{ {param} }}", s=scores, o=torch.zeros(1, 2, 4).double(), a=boxes)
    assert int(top[0].any(1).sum()) == kept


def test_detections_of_each_image():
    boxes = ANCHORS.expand(2, -1, -1)
    scores = torch.tensor([[0.1, 0.8, 0.1], [0.05, 0.05, 0.9], [0, 0.95, 0.05], [0.9, 0.1, 0]]).double().expand(2, -1, -1).clone()
    scores[1, 1] = torch.tensor([0.3, 0.4, 0.3])  # below the confidence
    offsets = torch.zeros(2, 4, 3, 4).double()
    offsets[:, 1, 2, 0] = 2  # of class 2 alone: 0.2 heights of 0.3
    about = torch.zeros(2, 11).double()
    about[:, 4:6] = torch.tensor([101.0, 201])
    # The window of the second image: rows from 0.2, columns to 0.3.
    about[:, 7:] = torch.tensor([[0.0, 0, 101, 201], [20, 0, 101, 61]])
    param = "bbox_std_dev: [0.1, 0.1, 0.2, 0.2] batch_size: 2 detection_max_instances: 3 detection_min_confidence: 0.6"
    top = top_of("MaskRCNNDetection", f"maskrcnn_detection_param {{ {param} }}", b=boxes, s=scores, o=offsets, a=about)
    torch.testing.assert_close(top[0], torch.tensor(
        [[0.1, 0.1, 0.5, 0.4, 1, 0.95], [0.66, 0.6, 0.96, 0.8, 2, 0.9], [0] * 6]).double())  # anchor 0 overlaps the first by 0.75
    torch.testing.assert_close(top[1], torch.tensor([[0.2, 0.1, 0.5, 0.3, 1, 0.95], [0] * 6, [0] * 6]).double())


def test_no_more_detections_than_wanted():
    boxes = torch.tensor([[[0.0, 0, 0.1, 0.1], [0.5, 0.5, 0.6, 0.6], [0.8, 0.8, 0.9, 0.9]]]).double()
    scores = torch.tensor([[[0, 0.625], [0, 0.875], [0, 0.75]]]).double()
    about = torch.tensor([[0.0, 0, 0, 0, 11, 11, 0, 0, 0, 11, 11]]).double()
    param = "bbox_std_dev: [1, 1, 1, 1] detection_max_instances: 2 detection_min_confidence: 0.5"
    top = top_of("MaskRCNNDetection", f"maskrcnn_detection_param {{ {param} }}", b=boxes, s=scores,
                 o=torch.zeros(1, 3, 2, 4).double(), a=about)
    assert top[0, :, 5].tolist() == [0.875, 0.75]


def test_what_does_not_fit_is_refused():
    with pytest.raises(netdef.SpecError, match="wants a bottom of shape .1, 4, 2.; `s` has .1, 4, 3."):
        one_layer("MaskRCNNProposal", f"maskrcnn_proposal_param {{ {PROPOSAL} }}", s=(1, 4, 3), o=(1, 4, 4), a=(1, 4, 4))
    with pytest.raises(netdef.SpecError, match="`batch_size` 1, and a bottom of 2 images"):
        one_layer("MaskRCNNProposal", f"maskrcnn_proposal_param {{ {PROPOSAL} }}", s=(2, 4, 2), o=(2, 4, 4), a=(2, 4, 4))
    with pytest.raises(netdef.SpecError, match="has 0 `rpn_bbox_std_dev`"):
        one_layer("MaskRCNNProposal", "", s=(1, 4, 2), o=(1, 4, 4), a=(1, 4, 4))
    with pytest.raises(netdef.SpecError, match="11 or more numbers about each image"):
        one_layer("MaskRCNNDetection", "maskrcnn_detection_param { bbox_std_dev: [1, 1, 1, 1] }", b=(1, 4, 4), s=(1, 4, 3),
                  o=(1, 4, 3, 4), a=(1, 10))
