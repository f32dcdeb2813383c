"""Sums of windows."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

SIZES = "sum_pooling_param { pool: SUM kernel_h: 3 kernel_w: 2 stride: 2 pad: 1 }"


def test_sums_of_windows():
    x = draw(2, 3, 6, 5)
    top = top_of("SumPooling", SIZES, x=x)
    assert top.shape == (2, 3, 4, 3)
    for row in range(4):
        for column in range(3):
            down, right = slice(max(2 * row - 1, 0), 2 * row + 2), slice(max(2 * column - 1, 0), 2 * column + 1)
            assert torch.allclose(top[:, :, row, column], x[:, :, down, right].sum((2, 3)))


def test_the_sum_of_a_plane():
    x = draw(2, 3, 6, 5)
    top = top_of("SumPooling", "sum_pooling_param { pool: SUM global_pooling: true }", x=x)
    assert torch.allclose(top, x.sum((2, 3), keepdim=True))


def test_gradients():
    x = draw(1, 2, 6, 5).requires_grad_()
    net = one_layer("SumPooling", SIZES, "TRAIN", x=x)
    assert gradcheck(lambda x: net(x=x)["y0"], (x,))


@pytest.mark.parametrize(("param", "complaint"), [
    ("kernel_size: 2", "has `pool: MAX`"), ("pool: SUM kernel_size: 9", "has a kernel of 9"),
    ("pool: SUM", "kernel")])
def test_what_does_not_fit_is_refused(param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("SumPooling", f"sum_pooling_param {{ {param} }}", x=(2, 3, 6, 5))
