"""Scores of the true class and of others times two numbers."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

PARAM = "label_specific_rescale_param {{ positive_weight: 0.5 negative_weight: 3 {} }}"
X = torch.tensor([[1.0, -2, 4], [-3, 5, 6]]).double()
LABELS = torch.tensor([2.0, 0]).double()


def test_in_training():
    assert top_of("LabelSpecificRescale", PARAM.format(""), "TRAIN", x=X, t=LABELS).tolist() == [[3, -6, 2], [-1.5, 15, 18]]
    x = draw(2, 3).requires_grad_()
    net = one_layer("LabelSpecificRescale", PARAM.format(""), "TRAIN", x=x, t=LABELS)
    assert gradcheck(lambda x: net(x=x, t=LABELS)["y0"], (x,))


def test_scores_below_zero_may_stay():
    found = top_of("LabelSpecificRescale", PARAM.format("for_ip: true"), "TRAIN", x=X, t=LABELS)
    assert found.tolist() == [[3, -6, 2], [-3, 15, 18]]


def test_testing_changes_nothing_unless_told():
    assert top_of("LabelSpecificRescale", PARAM.format(""), x=X, t=LABELS).tolist() == X.tolist()
    changed = top_of("LabelSpecificRescale", PARAM.format("rescale_test: true"), x=X, t=LABELS)
    assert changed.tolist() == [[3, -6, 2], [-1.5, 15, 18]]


def test_a_label_that_is_no_class():
    with pytest.raises(netdef.NetdefError, match="the label 3"):
        top_of("LabelSpecificRescale", PARAM.format(""), "TRAIN", x=X, t=LABELS + 1)
