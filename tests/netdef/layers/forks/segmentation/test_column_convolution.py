"""Convolution of windows laid out before."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer
from torch.autograd import gradcheck

import netdef

FILLER = "weight_filler { type: 'xavier' } bias_filler { type: 'uniform' }"


@pytest.mark.parametrize("group", [1, 2])
def test_it_is_the_convolution_of_the_bottom_before_im2col(group: int):
    x = draw(2, 4, 5, 7).requires_grad_()
    window = "kernel_size: 3 kernel_size: 2 pad: 1"
    text = f"num_output: 6 group: {group} {window} {FILLER}"
    plain = one_layer("Convolution", f"convolution_param {{ {text} }}", "TRAIN", x=x)
    columns = one_layer("Im2col", f"convolution_param {{ {window} }}", "TRAIN", x=x)(x=x)["y0"]
    net = one_layer("Convolution", f"convolution_param {{ {text} bottom_is_im2col: true }}", "TRAIN", x=columns)
    for name in ("l.weight", "l.bias"):
        net.get_parameter(name).data.copy_(plain.get_parameter(name).data)
    assert torch.allclose(net(x=columns)["y0"], plain(x=x)["y0"])
    columns = columns.detach().requires_grad_()
    assert gradcheck(lambda x: net(x=x)["y0"], (columns,))


def test_channels_that_are_no_windows_are_refused():
    with pytest.raises(netdef.SpecError, match="a multiple of 9 channels"):
        one_layer("Convolution", "convolution_param { num_output: 2 kernel_size: 3 bottom_is_im2col: true }", x=(2, 12, 5, 7))
