"""The products of windows of two blobs."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from one_layer import draw, one_layer, top_of

import netdef


def test_each_window_of_one_is_a_kernel_for_the_other():
    x, y = draw(2, 3, 5, 6), draw(2, 3, 5, 6, seed=2)
    param = "convolution_param { kernel_size: 3 pad: 1 stride: 2 bias_term: false num_output: 0 }"
    top = top_of("CrossConvolution", param, x=x, y=y)
    assert top.shape == (2, 9, 3, 3)
    padded = F.pad(x, (1, 1, 1, 1))
    for item in range(2):
        kernel = padded[item, :, 2:5, 4:7]  # the window in row 1, column 2
        assert torch.allclose(top[item, 1 * 3 + 2], F.conv2d(y[item], kernel[None], None, 2, 1)[0])


def test_gradients_are_those_of_the_products():
    x, y = draw(1, 2, 3, 4).requires_grad_(), draw(1, 2, 3, 4, seed=2).requires_grad_()
    net = one_layer("CrossConvolution", "convolution_param { kernel_size: 2 bias_term: false }", "TRAIN", x=x, y=y)
    assert torch.autograd.gradcheck(lambda a, b: net(x=a, y=b)["y0"], (x, y))


@pytest.mark.parametrize(("param", "complaint"), [
    ("kernel_size: 2", "`bias_term: false`"), ("kernel_size: 2 bias_term: false num_output: 3", "no `num_output`"),
    ("kernel_size: 5 bias_term: false", "larger than its bottoms")])
def test_refusals(param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("CrossConvolution", f"convolution_param {{ {param} }}", x=(1, 2, 3, 4), y=(1, 2, 3, 4))
