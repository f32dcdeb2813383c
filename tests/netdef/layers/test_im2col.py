"""Im2col: its rows against a convolution, and their order."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

import netdef
from netdef.errors import SpecError


def im2col(shape: tuple, param: str) -> torch.nn.Module:
    dims = " ".join(f"dim: {size}" for size in shape)
    return netdef.loads(f'layer {{ name: "i" type: "Input" top: "x" input_param {{ shape {{ {dims} }} }} }} '
                        f'layer {{ name: "l" type: "Im2col" bottom: "x" top: "y" convolution_param {{ {param} }} }}')


def test_channels_then_places_in_the_kernel():
    x = torch.arange(12.0).reshape(1, 2, 2, 3)  # planes of 2 rows: 0 1 2 / 3 4 5 and 6 7 8 / 9 10 11
    y = im2col((1, 2, 2, 3), "kernel_h: 2 kernel_w: 1 pad_h: 0 pad_w: 1 stride_h: 1 stride_w: 2")(x=x)["y"]
    assert y[0, :, 0].tolist() == [[0, 1, 0], [0, 4, 0], [0, 7, 0], [0, 10, 0]]


@pytest.mark.parametrize("memory", [torch.contiguous_format, torch.channels_last])
def test_product_with_the_kernel_is_the_convolution(memory):
    random = torch.Generator().manual_seed(1)
    x = torch.randn(2, 3, 7, 6, generator=random).contiguous(memory_format=memory)
    weight = torch.randn(4, 3, 3, 2, generator=random)
    param = "kernel_size: 3 kernel_size: 2 stride: 2 stride: 1 pad: 1 pad: 0 dilation: 1 dilation: 3"
    y = im2col((2, 3, 7, 6), param)(x=x)["y"]
    expected = F.conv2d(x, weight, stride=(2, 1), padding=(1, 0), dilation=(1, 3))
    torch.testing.assert_close(torch.einsum("ok,nkhw->nohw", weight.flatten(1), y), expected)


def test_axes_before_the_channel_axis_are_batch():
    assert im2col((2, 3, 5, 4), "kernel_size: 2 axis: 2").shapes["y"] == (2, 3, 10, 3)


@pytest.mark.parametrize("shape, param, words", [
    ((2, 3, 5, 4), "kernel_size: 5", "spatial axis 1 of its bottom has size 4, the kernel spans 5"),
    ((2, 3), "kernel_size: 1", "none after axis 1"),
])
def test_bottoms_that_do_not_fit_are_refused(shape, param, words):
    with pytest.raises(SpecError, match=words):
        im2col(shape, param)
