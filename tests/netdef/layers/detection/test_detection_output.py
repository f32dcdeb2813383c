"""DetectionOutput against its definition, box by box."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import top_of

PRIORS = [[0.1, 0.1, 0.4, 0.5], [0.5, 0.5, 0.9, 0.8], [0.12, 0.1, 0.42, 0.5], [0.0, 0.6, 0.3, 1.1]]


VARIANCE = [0.1, 0.1, 0.2, 0.2]


CONF = [[0.1, 0.7, 0.2], [0.2, 0.2, 0.6], [0.05, 0.9, 0.05], [0.5, 0.1, 0.4]]  # four priors, three classes


def detections(param, loc, conf, priors=PRIORS):
    prior = torch.tensor([priors, [VARIANCE] * len(priors)]).reshape(1, 2, -1)
    return top_of("DetectionOutput", f"detection_output_param {{ {param} }}", l=loc, c=conf, p=prior)[0, 0].tolist()


def near(found, expected):
    assert len(found) == len(expected)
    for one, other in zip(found, expected):
        assert one == pytest.approx(other, abs=1e-6)


def test_the_better_of_two_that_overlap_stays():
    """Priors 0 and 2 overlap by 28 / 32; class by class, within a class by score."""
    found = detections(
        "num_classes: 3 nms_param { nms_threshold: 0.45 } confidence_threshold: 0.15",
        torch.zeros(1, 16),
        torch.tensor(CONF).reshape(1, 12),
    )
    near(
        found,
        [
            [0, 1, 0.9, *PRIORS[2]],
            [0, 1, 0.2, *PRIORS[1]],
            [0, 2, 0.6, *PRIORS[1]],
            [0, 2, 0.4, *PRIORS[3]],
            [0, 2, 0.2, *PRIORS[0]],
        ],
    )


def test_top_k_counts_before_suppression_and_keep_top_k_after_over_classes():
    found = detections(
        "num_classes: 3 nms_param { nms_threshold: 0.45 top_k: 2 } confidence_threshold: 0.15 keep_top_k: 2",
        torch.zeros(1, 16),
        torch.tensor(CONF).reshape(1, 12),
    )
    near(found, [[0, 1, 0.9, *PRIORS[2]], [0, 2, 0.6, *PRIORS[1]]])


def test_offsets_of_centres_and_sizes():
    """Prior 1: centre (0.7, 0.65), sides 0.4 and 0.3; moved by 0.1 * 2 sides, sides times exp(0.2)."""
    loc = torch.zeros(1, 16)
    loc[0, 4:8] = torch.tensor([2.0, -1, 1, 0])
    found = detections(
        "num_classes: 3 code_type: CENTER_SIZE confidence_threshold: 0.55 nms_param { nms_threshold: 0.9 }",
        loc,
        torch.tensor(CONF).reshape(1, 12),
    )
    x, y, w = 0.7 + 0.2 * 0.4, 0.65 - 0.1 * 0.3, 0.4 * math.exp(0.2)
    near(
        found, [[0, 1, 0.9, *PRIORS[2]], [0, 1, 0.7, *PRIORS[0]], [0, 2, 0.6, x - w / 2, y - 0.15, x + w / 2, y + 0.15]]
    )


def test_a_box_for_each_class():
    """Without share_location the offsets are prior by prior, then class by class; class 2 of prior 1 alone is moved."""
    loc = torch.zeros(1, 4, 3, 4)
    loc[0, 1, 2] = 0.01
    found = detections(
        "num_classes: 3 share_location: false variance_encoded_in_target: true confidence_threshold: 0.55 "
        "nms_param { nms_threshold: 0.45 }",
        loc.reshape(1, 48),
        torch.tensor(CONF).reshape(1, 12),
    )
    near(found, [[0, 1, 0.9, *PRIORS[2]], [0, 2, 0.6, *(c + 0.01 for c in PRIORS[1])]])


def test_images_without_detections():
    conf = torch.tensor([CONF, CONF]).reshape(2, 12)
    found = detections("num_classes: 3 confidence_threshold: 0.95", torch.zeros(2, 16), conf)
    near(found, [[0, -1, -1, -1, -1, -1, -1], [1, -1, -1, -1, -1, -1, -1]])
    conf[1, 7] = 0.99  # class 1 of prior 2 of image 1
    near(detections("num_classes: 3 confidence_threshold: 0.95", torch.zeros(2, 16), conf), [[1, 1, 0.99, *PRIORS[2]]])
