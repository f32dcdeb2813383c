"""Softmax over so many numbers as a second bottom says."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef


def test_the_first_numbers_count():
    x, widths = draw(2, 4, 3), torch.tensor([[4.0, 1, 2], [3, 4, 1]])
    top = top_of("Softmax", x=x, w=widths)
    for item in range(2):
        for place in range(3):
            width = int(widths[item, place])
            assert torch.allclose(top[item, :width, place], x[item, :width, place].softmax(0))
            assert top[item, width:, place].abs().sum() == 0


def test_gradients():
    x, widths = draw(2, 4).requires_grad_(), torch.tensor([[4.0], [2]])
    net = one_layer("Softmax", "", "TRAIN", x=x, w=widths)
    assert gradcheck(lambda x: net(x=x, w=widths)["y0"], (x,))


def test_a_number_for_each_softmax():
    with pytest.raises(netdef.SpecError, match="the second has a number for each softmax of the first"):
        one_layer("Softmax", x=(2, 4, 3), w=(2,))
