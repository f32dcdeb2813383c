"""Gather and Scatter in one process."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, tops_of


@pytest.mark.parametrize("kind", ["Gather", "Scatter"])
def test_the_bottoms_are_unchanged(kind: str):
    x, y = draw(2, 3, 5), torch.tensor([1.0, 4]).double()
    tops = tops_of(kind, "", 2, x=x, y=y)
    assert torch.equal(tops[0], x) and torch.equal(tops[1], y)
