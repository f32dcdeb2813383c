"""What is read on number plates and in faces."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

PLATES = "lp_det_param { num_chinese: 4 num_english: 3 num_letter: 5 }"


def test_the_greatest_of_each_bottoms_scores():
    scores = {name: torch.full((2, {"a": 4, "b": 3}.get(name, 5)), -1.0).double() for name in "abcdefg"}
    wanted = [[3, 1, 4, 0, 2, 3, 0], [0, 2, 0, 1, 0, 0, 4]]
    for plate, signs in enumerate(wanted):
        for name, sign in zip(scores, signs):
            scores[name][plate, sign] = 0.5
    scores["g"][0] = torch.tensor([-3, -1, -2, -1, -5])  # none is above 0
    assert top_of("DetectionCcpdOutput", PLATES, **scores)[0, 0].tolist() == wanted


def test_other_numbers_of_scores_are_refused():
    with pytest.raises(netdef.SpecError, match="wants 5 scores for each of 2 plates; `c` has shape"):
        one_layer("DetectionCcpdOutput", PLATES, a=(2, 4), b=(2, 3), c=(2, 4), d=(2, 5), e=(2, 5), f=(2, 5), g=(2, 5))


def test_plates_after_a_right_one_count_as_right():
    true = torch.arange(28.0).double().view(4, 7)
    found = true.clone()
    found[[0, 2], 6] += 1
    assert top_of("LpEvaluate", x=found.view(1, 1, 4, 7), t=true)[0, 0].tolist() == [0, 1, 1, 1]
    with pytest.raises(netdef.SpecError, match="wants as many times 7 numbers"):
        one_layer("LpEvaluate", x=(4, 7), t=(3, 7))


def test_scores_of_faces():
    found, true = torch.zeros(3, 17).double(), torch.zeros(3, 17).double()
    true[:, 15:] = torch.tensor([30.0, 40])  # a diagonal of 50
    found[0, 1], found[0, 6] = 0.1, 0.1  # the second landmark: 3 and 4 pixels off
    found[1, 10:13], true[1, 10:13] = torch.tensor([60.0, 0, 10]), torch.tensor([0.0, 90, 10])
    true[:, 13:15] = torch.tensor([[1.0, 1], [1, 0], [0, 1]])
    found[:, 13:] = torch.tensor([[0.9, 0.2, -1, -2], [0.1, 0.7, 0.6, 0.6], [0.3, 0.8, 0.5, 0.1]])
    top = top_of("FaceAttriEvaluate", "face_evaluate_param { facetype: FACEATTRIBUTE }", x=found, t=true)[0, 0]
    assert top[0, :5].tolist() == pytest.approx([0, 0.1, 0, 0, 0])
    assert top[:, 5:7].tolist() == [[0, 0], [1, 1], [1, 1]]  # of the third by the second
    assert top[1, 7:].tolist() == pytest.approx([0.5, math.cos(math.pi / 2), 1])


def test_other_kinds_of_faces_are_refused():
    with pytest.raises(netdef.SpecError, match="wants `facetype: FACEATTRIBUTE`"):
        one_layer("FaceAttriEvaluate", "face_evaluate_param { facetype: FACE_ANGLE }", x=(2, 17), t=(2, 17))
