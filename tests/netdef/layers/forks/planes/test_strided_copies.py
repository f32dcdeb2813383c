"""Downsampling and Upsampling."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def test_the_upper_left_of_each_window():
    x = draw(2, 3, 5, 4)
    top = top_of("Downsampling", "downsampling_param { kernel_h: 2 kernel_w: 3 }", x=x)
    assert torch.equal(top, x[:, :, [0, 2, 4]][..., [0, 3]])


def test_values_with_zeros_between():
    x = draw(2, 3, 2, 4)
    top = top_of("Upsampling", "upsampling_param { kernel_h: 3 kernel_w: 2 }", x=x)
    assert top.shape == (2, 3, 6, 8) and torch.equal(top[:, :, [0, 3]][..., [0, 2, 4, 6]], x)
    assert int((top != 0).sum()) == x.numel()


def test_windows_without_a_size_are_refused():
    with pytest.raises(netdef.SpecError, match="needs a `kernel_size`, or `kernel_h` and `kernel_w`"):
        one_layer("Downsampling", x=(2, 3, 5, 4))
    with pytest.raises(netdef.SpecError, match="`kernel_size` 0"):
        one_layer("Upsampling", "upsampling_param { kernel_size: 0 }", x=(2, 3, 5, 4))
