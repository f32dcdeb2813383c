"""Accuracy with a weight for each prediction."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

from netdef.errors import SpecError

X = torch.tensor([[1.0, 2, 0], [3, 1, 2], [0, 1, 2], [2, 1, 0]]).double()
T = torch.tensor([1.0, 0, 0, 1]).double()


def test_weights_of_hits():
    w = torch.tensor([2.0, 0.5, 4, 1]).double()
    assert top_of("Accuracy", x=X, t=T, w=w).item() == pytest.approx(2.5 / 7.5)
    assert top_of("Accuracy", "accuracy_param { top_k: 2 }", x=X, t=T, w=w).item() == pytest.approx(3.5 / 7.5)
    assert top_of("Accuracy", "accuracy_param { denominator: 10 }", x=X, t=T, w=w).item() == pytest.approx(0.25)
    assert top_of("Accuracy", x=X, t=T, w=0 * w).item() == 0


def test_refusals():
    with pytest.raises(SpecError, match="one label an item"):
        one_layer("Accuracy", x=(4, 3), t=(4,), w=(3,))
    with pytest.raises(SpecError, match="`denominator` -1"):
        one_layer("Accuracy", "accuracy_param { denominator: -1 }", x=(4, 3), t=(4,), w=(4,))
