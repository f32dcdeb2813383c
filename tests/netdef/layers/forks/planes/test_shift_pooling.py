"""ShiftPooling and ShiftStitch."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

from netdef.errors import SpecError


def test_windows_that_begin_at_each_place_of_the_stride():
    x = draw(2, 3, 5, 4)
    y = top_of("ShiftPooling", "pooling_param { kernel_h: 3 kernel_w: 1 stride_h: 2 stride_w: 3 }", x=x)
    assert y.shape == (2 * 6, 3, 2, 2)
    for n in range(2):
        for sy in range(2):
            for sx in range(3):
                for row in range(2):
                    for column in range(2):
                        window = x[n, :, 2 * row + sy : 2 * row + sy + 3, 3 * column + sx : 3 * column + sx + 1]
                        wanted = window.flatten(1).amax(1) if window.numel() else torch.zeros(3).double()
                        assert torch.equal(y[n * 6 + sy * 3 + sx, :, row, column], wanted)


def test_pooled_maps_are_put_together():
    x = draw(2, 3, 8, 4)
    pooled = top_of("ShiftPooling", "pooling_param { kernel_size: 1 stride: 2 }", x=x)
    twice = top_of("ShiftPooling", "pooling_param { kernel_size: 1 stride_h: 4 stride_w: 1 }", x=pooled)
    assert twice.shape == (2 * 4 * 4, 3, 2, 3)
    y = top_of("ShiftStitch", "shift_stitch_param { iter: 2 stride_h: 4 stride_h: 2 stride_w: 1 stride_w: 2 }", x=twice)
    assert y.shape == (2, 3, 16, 6)
    assert torch.equal(y[:, :, :8, :4], x)


@pytest.mark.parametrize(("kind", "param", "words"), [
    ("ShiftPooling", "pooling_param { pool: AVE kernel_size: 2 stride: 2 }", "another method than MAX"),
    ("ShiftPooling", "pooling_param { stride: 2 }", "needs a `kernel_size`"),
    ("ShiftPooling", "pooling_param { kernel_size: 7 stride: 2 }", "a window of"),
    ("ShiftStitch", "shift_stitch_param { iter: 2 stride: 2 }", "wants `iter` strides"),
    ("ShiftStitch", "shift_stitch_param { iter: 1 stride: 2 }", "puts together 4 items, of which 6 are no multiple")])
def test_refusals(kind, param, words):
    with pytest.raises(SpecError, match=words):
        one_layer(kind, param, x=(6, 3, 5, 4))
