"""Convolution with dilations from a bottom."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from one_layer import draw, one_layer

import netdef

PARAM = ("convolution_param {{ dilation_from_bottom: true num_output: 4 kernel_size: 3 pad: 3 dilation: 3 "
         'weight_filler {{ type: "xavier" }} {} }}')


def by_hand(x: torch.Tensor, d: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor, stride: int) -> torch.Tensor:
    """Value by value, in one group."""
    n, channels, height, width = x.shape
    rows, columns = (height - 1) // stride + 1, (width - 1) // stride + 1
    top = bias[:, None, None].expand(n, -1, rows, columns).clone()
    for item, c, r, k in ((a, b, e, f) for a in range(n) for b in range(channels) for e in range(rows) for f in range(columns)):
        size = d[item, c, r, k].item()
        near = min(int(size), 2)
        far, part = near + 1, size - near
        for i in range(3):
            for j in range(3):
                if not (0 <= r * stride + (i - 1) * far < height and 0 <= k * stride + (j - 1) * far < width):
                    continue
                value = sum(
                    a * b * x[item, c, r * stride + (i - 1) * down, k * stride + (j - 1) * across]
                    for down, a in ((far, part), (near, 1 - part)) for across, b in ((far, part), (near, 1 - part)))
                top[item, :, r, k] += weight[:, c, i, j] * value
    return top


@pytest.mark.parametrize("stride", [1, 2])
def test_each_value_with_its_own_dilation(stride: int):
    x, d = draw(2, 3, 5, 6), 1 + 2 * torch.rand(2, 3, 5, 6).double()
    d[0, 0, 0, 0], d[1, 2, 2, 3] = 1, 3  # whole ones, of which 3 is the largest
    net = one_layer("Convolution", PARAM.format(f"stride: {stride} bias_filler {{ value: 0.5 }}"), x=x, d=d)
    wanted = by_hand(x, d, *net.params["l"], stride)
    torch.testing.assert_close(net(x=x, d=d)["y0"], wanted)


def test_the_largest_dilation_everywhere_is_a_usual_convolution_and_groups_are_apart():
    x, d = draw(2, 4, 5, 6).requires_grad_(), torch.full((2, 4, 5, 6), 3.0).double()
    net = one_layer("Convolution", PARAM.format("group: 2"), x=x, d=d)
    weight, bias = net.params["l"]
    top, wanted = net(x=x, d=d)["y0"], F.conv2d(x, weight, bias, padding=3, dilation=3, groups=2)
    torch.testing.assert_close(top, wanted)
    outer = draw(*top.shape, seed=2)
    for found, gradient in zip(*(torch.autograd.grad((y * outer).sum(), (x, weight, bias)) for y in (top, wanted))):
        torch.testing.assert_close(found, gradient)


@pytest.mark.parametrize(("param", "shape", "complaint"), [
    ("", (2, 3, 5, 5), "there must be a dilation for each value"),
    ("dilation: 2", (2, 3, 5, 6), r"both are the largest of these"),
    ("group: 2", (2, 3, 5, 6), "has `group` 2, which does not divide 3 channels and 4 outputs"),
])
def test_what_does_not_fit_is_refused(param: str, shape: tuple, complaint: str):
    text = PARAM.format(param).replace("dilation: 3 ", "") if "dilation" in param else PARAM.format(param)
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("Convolution", text, x=(2, 3, 5, 6), d=shape)
