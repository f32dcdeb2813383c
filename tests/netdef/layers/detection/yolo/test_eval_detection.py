"""EvalDetection: rows of true and false detections by hand."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of

from netdef.errors import SpecError

BIG = 20.0  # a sigmoid of 1


def logit(p: float) -> float:
    return math.log(p / (1 - p))


def detections() -> torch.Tensor:
    """A map of one anchor of 1 x 1 places on 2 x 2: boxes of a quarter, about their places, or moved to the left edge."""
    x = torch.zeros(1, 7, 2, 2).double()
    x[0, 4] = logit(0.001)
    for (row, column), score, label in (((0, 0), 0.9, 1), ((0, 1), 0.8, 1), ((1, 0), 0.7, 0), ((1, 1), 0.6, 1)):
        x[0, 4, row, column], x[0, 5 + label, row, column] = logit(score), BIG
    return x


TRUE = torch.tensor([
    [0, 2, 0, 0.05, 0, 0.55, 0.5, 0], [0, 1, 0, 0.5, 0.5, 1, 1, 0], [3, 1, 0, 0, 0, 1, 1, 0]]).double()[None, None]
PARAM = "side: 2 num_class: 2 num_object: 1 biases: 1 biases: 1"


def test_true_false_and_uncounted_detections():
    """Class 1 has one true box, over the first detection by 45 / 55; over the others by less, so these are neither. The
    detection of class 0 misses its true box."""
    top = top_of("EvalDetection", f"eval_detection_param {{ {PARAM} nms: 0.45 score_type: OBJ }}", x=detections(), gt=TRUE)
    assert top.shape == (1, 2 + 4 * 4)
    assert top[0, :2].tolist() == [1, 1]
    expected = [0, 0.7, 0, 0, 1, 0.9, 1, 0, 1, 0.8, 0, 0, 1, 0.6, 0, 0]
    assert top[0, 2:].tolist() == pytest.approx(expected)


def test_detections_of_taken_or_missing_boxes_are_false():
    """Both upper boxes are found by overlaps of more than 0; the worse one is false."""
    true = TRUE[:, :, :1]
    param = f"eval_detection_param {{ {PARAM} nms: 0.45 threshold: 0 score_type: PROB }}"
    rows = top_of("EvalDetection", param, x=detections(), gt=true)[0, 2:].reshape(4, 4)
    assert rows[:, 0].tolist() == [0, 1, 1, 1]
    assert rows[:, 2:].tolist() == [[0, 1], [1, 0], [0, 1], [0, 1]]


def test_worse_detections_are_dropped():
    """All four about the middle: the best of them stays, whatever their classes."""
    x = detections()
    for row in (0, 1):
        for column in (0, 1):
            x[0, 0, row, column] = BIG if column == 0 else -BIG
            x[0, 1, row, column] = BIG if row == 0 else -BIG
    rows = top_of("EvalDetection", f"eval_detection_param {{ {PARAM} nms: 0.45 }}", x=x, gt=TRUE)[0, 2:].reshape(4, 4)
    assert rows[0, :2].tolist() == pytest.approx([1, 0.9]) and not rows[1:].any()


def test_without_nms_threshold_there_are_no_detections():
    top = top_of("EvalDetection", f"eval_detection_param {{ {PARAM} }}", x=detections(), gt=TRUE)
    assert top[0, :2].tolist() == [1, 1] and not top[0, 2:].any()


def test_bad_parameters_are_refused():
    for param, words in ((PARAM.replace("side: 2", "side: 3"), "`side` 3"),
                         (PARAM.replace("num_object: 1", "num_object: 2"), r"2 x \(5 \+ 2\)")):
        with pytest.raises(SpecError, match=words):
            one_layer("EvalDetection", f"eval_detection_param {{ {param} }}", x=(1, 7, 2, 2), gt=(1, 1, 3, 8))
    with pytest.raises(SpecError, match="true boxes of 8 numbers"):
        one_layer("EvalDetection", f"eval_detection_param {{ {PARAM} }}", x=(1, 7, 2, 2), gt=(1, 1, 3, 5))
