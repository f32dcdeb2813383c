"""The overlap of two maps, item by item."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef
from netdef.testing import check_layer


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_one_less_the_overlap(phase):
    a, b = torch.tensor([[1.0, 0.5, 0], [0, 0, 0]]).double(), torch.tensor([[1.0, 1, 0], [0, 0, 0]]).double()
    first, second = (2 * 1.5 + 1) / (1.25 + 2 + 1), 1
    assert top_of("DiceCoefLoss", "", phase, a=a, b=b).item() == pytest.approx(1 - (first + second) / 2)
    smooth = "dice_coef_loss_param { smooth: 0.25 }"
    assert top_of("DiceCoefLoss", smooth, phase, a=a, b=b.reshape(2, 1, 3)).item() == pytest.approx(1 - (3.25 / 3.5 + 1) / 2)


def test_gradient():
    check_layer('layer { name: "l" type: "DiceCoefLoss" bottom: "a" bottom: "b" top: "y" }', a=(2, 3, 4), b=(2, 3, 4))


def test_class_numbers_are_refused():
    with pytest.raises(netdef.SpecError, match="equally many|same number"):
        one_layer("DiceCoefLoss", "", a=(2, 3, 5, 4), b=(2, 1, 5, 4))
