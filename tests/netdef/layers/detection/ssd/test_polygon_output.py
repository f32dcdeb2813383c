"""DetectionOutput of TextBoxes++: detections with the corners of quadrangles."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

PARAM = ("detection_output_param {{ num_classes: 2 code_type: CENTER_SIZE use_polygon: {} nms_param {{ nms_threshold: 0.45 }} "
         "confidence_threshold: 0.1 {} }}")
PRIORS = torch.tensor([[0.1, 0.2, 0.3, 0.6], [0.5, 0.5, 0.9, 0.75], [0.52, 0.5, 0.92, 0.75]]).double()
VARIANCES = torch.tensor([0.1, 0.2, 0.3, 0.4]).double()
MOVES = torch.arange(8.0).double() / 4 - 1


def detections(scores: list[list[float]]) -> torch.Tensor:
    """Detections of images with these scores of class 1; only prior 0 has offsets, MOVES of its corners and of its width."""
    chances = torch.tensor(scores).double()
    offsets = torch.zeros(len(scores), 3, 12).double()
    offsets[:, 0, 2] = 1
    offsets[:, 0, 4:] = MOVES
    priors = torch.stack((PRIORS.flatten(), VARIANCES.repeat(3)))[None]
    found = top_of("DetectionOutput", PARAM.format("true", ""), l=offsets.flatten(1),
                   c=torch.stack((1 - chances, chances), -1).flatten(1), p=priors)
    return found[0, 0]


def test_boxes_and_corners():
    """Prior 2 overlaps prior 1 too much, and has the lower score. An offset of a corner counts 0.1 * 0.2 and 0.2 * 0.4."""
    found = detections([[0.5, 0.9, 0.8]])
    assert found.shape == (2, 15)
    left, top, right, bottom = PRIORS[1].tolist()
    assert found[0].tolist() == pytest.approx([0, 1, 0.9, left, top, right, bottom, left, top, right, top, right, bottom, left,
                                               bottom])
    half = 0.1 * torch.tensor(0.3).exp().item()
    assert found[1, :7].tolist() == pytest.approx([0, 1, 0.5, 0.2 - half, 0.2, 0.2 + half, 0.6])
    corners = torch.tensor([0.1, 0.2, 0.3, 0.2, 0.3, 0.6, 0.1, 0.6]).double()
    assert torch.allclose(found[1, 7:], corners + MOVES * torch.tensor([0.02, 0.08]).double().repeat(4))


def test_each_image_has_its_own():
    found = detections([[0.05, 0.05, 0.05], [0.5, 0.05, 0.05]])
    assert found.shape == (1, 15)
    assert found[0, :2].tolist() == [1, 1]
    assert detections([[0.05] * 3])[0].tolist() == [0] + [-1] * 14


@pytest.mark.parametrize(("polygon", "more", "offsets", "complaint"), [
    ("false", "", 36, "rotated boxes"), ("true", "", 12, "3 priors and wants 12 offsets"),
    ("true", "", 16, "12 offsets for each prior"), ("true", "variance_encoded_in_target: true", 36, "only with"),
])
def test_other_nets_are_refused(polygon: str, more: str, offsets: int, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("DetectionOutput", PARAM.format(polygon, more), l=(1, offsets), c=(1, 6), p=(1, 2, 12))
