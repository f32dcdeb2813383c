"""Convolution with kernels that see earlier diagonals."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from one_layer import draw, one_layer
from torch.autograd import gradcheck

import netdef


@pytest.mark.parametrize(("constrain", "latest"), [(5, -1), (6, 0)])
def test_later_weights_count_as_zero(constrain: int, latest: int):
    x = draw(2, 4, 5, 6).requires_grad_()
    param = (f"convolution_param {{ num_output: 6 kernel_size: 3 constrain: {constrain} group_in: 2 group_out: 3 "
             "bias_term: false weight_filler { type: 'xavier' } }")
    net = one_layer("Convolution", param, "TRAIN", x=x)
    weight = net.get_parameter("l.weight")
    kept = weight.detach().clone()
    for o in range(6):
        for c in range(4):
            for i in range(3):
                for j in range(3):
                    if i + j + c // 2 > o // 3 + 2 + latest:
                        kept[o, c, i, j] = 0
    assert torch.allclose(net(x=x)["y0"], F.conv2d(x, kept))
    net(x=x)["y0"].sum().backward()
    assert torch.equal(weight.grad != 0, kept != 0)
    assert gradcheck(lambda x: net(x=x)["y0"], (x,))


@pytest.mark.parametrize("text", ["kernel_size: 3 constrain: 7", "kernel_h: 3 kernel_w: 2 constrain: 5"])
def test_other_constraints_are_refused(text: str):
    with pytest.raises(netdef.SpecError, match="5 and 6 are implemented"):
        one_layer("Convolution", f"convolution_param {{ num_output: 6 {text} }}", x=(2, 4, 5, 6))
