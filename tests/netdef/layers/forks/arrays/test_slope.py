"""Slope: the places of a map as channels."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def test_rows_and_columns_come_after_the_channels():
    x = draw(2, 3, 4, 5).requires_grad_()
    top = top_of("Slope", x=x)
    assert top.shape == (2, 5, 4, 5)
    assert torch.equal(top[:, :3], x)
    for row, column in ((0, 0), (1, 3), (3, 4)):
        assert top[:, 3:, row, column].tolist() == [[row / 4, column / 5]] * 2
    assert torch.equal(torch.autograd.grad(top.sum(), x)[0], torch.ones_like(x))


def test_other_axes_are_refused():
    with pytest.raises(netdef.SpecError, match="4 axes"):
        one_layer("Slope", x=(2, 3, 4))
