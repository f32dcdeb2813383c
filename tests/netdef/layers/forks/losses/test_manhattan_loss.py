"""The sum of absolute differences."""

from __future__ import annotations

import pytest
import torch
from one_layer import top_of

from netdef.testing import check_layer


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_absolute_differences_over_the_items(phase):
    a, b = torch.tensor([[1.0, -2, 4], [0, 0, 3]]).double(), torch.tensor([[0.0, 2, 4], [1, -0.5, 5]]).double()
    assert top_of("ManhattanLoss", "", phase, a=a, b=b.reshape(2, 3, 1)).item() == (1 + 4 + 0 + 1 + 0.5 + 2) / 2


def test_gradient():
    check_layer('layer { name: "l" type: "ManhattanLoss" bottom: "a" bottom: "b" top: "y" }', a=(2, 3, 4), b=(2, 3, 4))
