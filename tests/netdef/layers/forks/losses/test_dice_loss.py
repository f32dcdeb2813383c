"""DiceLoss by arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef


def test_the_score_and_its_gradient():
    # Three classes at four places; the greatest are 1, 1, 0, 2, and the labels 1, 0, 0, 1. Class 2 is no label.
    x = torch.tensor([[0.1, 0.2, 0.8, 0.3], [0.7, 0.5, 0.1, 0.2], [0.2, 0.3, 0.1, 0.5]]).double()[None].requires_grad_()
    labels = torch.tensor([[1.0, 0, 0, 1]]).double()
    score = top_of("DiceLoss", x=x, t=labels)
    whole = 2 + 2 + 1e-5
    assert score.item() == pytest.approx(2 * 1 / whole)
    score.backward()
    of_class = [4 * p / whole**2 - 2 * g / whole for p, g in zip((0.7, 0.5, 0.1, 0.2), (1, 0, 0, 1))]
    assert x.grad[0, 1].tolist() == pytest.approx(of_class)
    assert x.grad[0, 0].tolist() == pytest.approx([-number for number in of_class])
    assert x.grad[0, 2].abs().sum() == 0


def test_no_class_above_0_scores_0():
    assert top_of("DiceLoss", x=torch.rand(2, 3, 5).double(), t=torch.zeros(2, 5).double()).item() == 0


def test_labels_of_another_number_are_refused():
    with pytest.raises(netdef.SpecError, match="a label for each place"):
        one_layer("DiceLoss", x=(2, 3, 5, 4), t=(2, 3, 5))
