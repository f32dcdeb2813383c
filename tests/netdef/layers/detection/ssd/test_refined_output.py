"""RefineDet's DetectionOutput: the first stage's scores and offsets, against the layer without them."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef

PRIORS = torch.tensor([[0.1, 0.1, 0.4, 0.5], [0.5, 0.5, 0.9, 0.8], [0.0, 0.6, 0.3, 1.1]])
VARIANCE = [0.1, 0.1, 0.2, 0.2]
PARAM = ("detection_output_param { num_classes: 3 code_type: CENTER_SIZE confidence_threshold: 0.01 "
         "nms_param { nms_threshold: 0.45 } %s }")
SCORES = torch.tensor([[0.125, 0.75, 0.25], [0.2, 0.3, 0.5], [0.5, 0.125, 0.375]]).double().reshape(1, 9)
OBJECTS = torch.tensor([[0.3, 0.7], [0.96, 0.04], [0.8, 0.2]]).double().reshape(1, 6)


def priors(boxes):
    return torch.cat((boxes.flatten(), torch.tensor(VARIANCE * len(boxes)))).reshape(1, 2, -1)


def moved(boxes, offsets):
    """Boxes whose centres and sizes are moved by offsets, which count in the variances."""
    low, high = boxes[:, :2], boxes[:, 2:]
    size = high - low
    centre = (low + high) / 2 + 0.1 * offsets[:, :2] * size
    half = torch.exp(0.2 * offsets[:, 2:]) * size / 2
    return torch.cat((centre - half, centre + half), 1)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_priors_that_hold_no_object_are_background(phase):
    offsets = draw(1, 12)
    top = top_of("DetectionOutput", PARAM % "objectness_score: 0.1", phase, l=offsets, c=SCORES, p=priors(PRIORS), o=OBJECTS)
    scores = SCORES.clone()
    scores[:, 3:6] = 0
    expected = top_of("DetectionOutput", PARAM % "", phase, l=offsets, c=scores, p=priors(PRIORS))
    assert torch.equal(top, expected) and set(top[0, 0, :, 2].tolist()) == {0.75, 0.25, 0.125, 0.375}
    kept = top_of("DetectionOutput", PARAM % "", phase, l=offsets, c=SCORES, p=priors(PRIORS), o=OBJECTS)
    assert torch.equal(kept, top_of("DetectionOutput", PARAM % "", phase, l=offsets, c=SCORES, p=priors(PRIORS)))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_offsets_count_from_the_moved_priors(phase):
    """Of two images, whose priors move differently."""
    offsets, first = draw(2, 12), draw(2, 12, seed=2)
    scores, objects = SCORES.expand(2, -1), OBJECTS.expand(2, -1)
    top = top_of("DetectionOutput", PARAM % "", phase, l=offsets, c=scores, p=priors(PRIORS), o=objects, f=first)[0, 0]
    assert len(top) > 6
    for image in range(2):
        own = priors(moved(PRIORS.double(), first[image].reshape(3, 4)))
        expected = top_of("DetectionOutput", PARAM % "", phase, l=offsets[image : image + 1], c=SCORES, p=own)[0, 0]
        torch.testing.assert_close(top[top[:, 0] == image][:, 1:], expected[:, 1:])


def test_the_first_stage_has_as_many_priors():
    shapes = {"l": (1, 12), "c": (1, 9), "p": (1, 2, 12)}
    with pytest.raises(netdef.SpecError, match="wants 2 numbers for each of 3 priors"):
        one_layer("DetectionOutput", PARAM % "", **shapes, o=(1, 9))
    with pytest.raises(netdef.SpecError, match="wants 4 numbers for each of 3 priors"):
        one_layer("DetectionOutput", PARAM % "", **shapes, o=(1, 6), f=(1, 6))
