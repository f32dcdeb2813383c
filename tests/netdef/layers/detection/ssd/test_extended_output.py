"""DetectionOutputExtended: detections and the places that they are from."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

from netdef.errors import SpecError
from netdef.layers.detection.ssd.extended_output import with_places

PARAM = ("detection_output_param {{ num_classes: {} background_label_id: -1 nms_param {{ nms_threshold: 0.45 }} "
         "confidence_threshold: 0.15 {} }}")
# Two boxes at each place of a map of 2 x 3, far from each other: a grid of small squares.
PRIORS = torch.tensor([[[x / 3, (2 * y + box) / 4, x / 3 + 0.2, (2 * y + box) / 4 + 0.2]
                        for box in range(2)] for y in range(2) for x in range(3)]).reshape(-1)
VARIANCES = torch.tensor([0.1, 0.1, 0.2, 0.2]).repeat(12)


def detections(scores: torch.Tensor, more: str = "") -> torch.Tensor:
    priors = torch.stack((PRIORS, VARIANCES))[None].double()
    offsets = torch.zeros(len(scores), 2, 3, 8).double()
    return top_of("DetectionOutputExtended", PARAM.format(2, more), l=offsets, c=scores.flatten(1), p=priors)


def test_the_place_of_each_detection():
    scores = torch.zeros(2, 12, 2).double()
    scores[0, 9, 1], scores[0, 4, 1], scores[1, 0, 1], scores[1, 7, 0] = 0.5, 0.75, 0.25, 0.9  # 0.9 is the background's
    found = detections(scores)
    assert found.shape == (1, 1, 3, 10)
    wanted = [(0, 0.75, 4, 0, 2, 0), (0, 0.5, 9, 1, 1, 1), (1, 0.25, 0, 0, 0, 0)]  # image, score, prior, box, x, y
    for row, (image, score, prior, box, x, y) in zip(found[0, 0].tolist(), wanted):
        assert row == pytest.approx([image, 1, score, *PRIORS[4 * prior : 4 * prior + 4].tolist(), box, x, y])
    assert detections(scores, "keep_top_k: 1")[0, 0, :, 7:].tolist() == [[0, 2, 0], [0, 0, 0]]


def test_images_without_detections():
    assert detections(torch.zeros(2, 12, 2).double())[0, 0].tolist() == [[0] + [-1] * 9, [1] + [-1] * 9]


def test_places_count_boxes_then_columns_then_rows():
    rows = torch.zeros(1, 1, 24, 8)
    rows[..., 7] = torch.arange(24)
    cells = with_places(rows, 3, 4)[0, 0, :, 7:].tolist()
    assert cells == [[box, x, y] for y in range(2) for x in range(3) for box in range(4)]


@pytest.mark.parametrize(("classes", "more", "shape", "words"), [
    (3, "", (1, 2, 3, 8), "has 3 classes; it wants 2"),
    (2, "", (1, 48), "offsets of shape .N, H, W, boxes . 4."),
    (2, "share_location: false", (1, 2, 3, 16), "with `share_location`"),
])
def test_other_nets_are_refused(classes, more, shape, words):
    with pytest.raises(SpecError, match=words):
        one_layer("DetectionOutputExtended", PARAM.format(classes, more), l=shape, c=(1, 12 * classes), p=(1, 2, 48))
