"""Maps of another size, corner to corner."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef


def test_values_between_pixels():
    x = draw(2, 3, 4, 5)
    top = top_of("BilinearInterpolation", x=x, like=torch.zeros(1, 1, 7, 3).double())
    assert top.shape == (2, 3, 7, 3)
    for row in range(7):
        for column in range(3):
            down, right = row * 3 / 6, column * 4 / 2
            top_row, left = min(math.floor(down), 2), min(math.floor(right), 3)
            a, b = down - top_row, right - left
            pixels = x[:, :, top_row : top_row + 2, left : left + 2]
            weights = torch.tensor([[(1 - a) * (1 - b), (1 - a) * b], [a * (1 - b), a * b]])
            assert torch.allclose(top[:, :, row, column], (pixels * weights).sum((2, 3)))


def test_gradients():
    x = draw(1, 2, 3, 3).requires_grad_()
    net = one_layer("BilinearInterpolation", "", "TRAIN", x=x, like=(1, 1, 4, 5))
    assert gradcheck(lambda x: net(x=x, like=torch.zeros(1, 1, 4, 5).double())["y0"], (x,))


def test_a_factor_gives_the_size():
    x = draw(2, 3, 4, 5)
    top = top_of("BilinearInterpolation", "bilinear_interpolation_param { interpolation_factor: 3 }", x=x)
    assert torch.equal(top, top_of("BilinearInterpolation", x=x, like=torch.zeros(1, 1, 12, 15).double()))
    with pytest.raises(netdef.SpecError, match="`interpolation_factor` of 0"):
        one_layer("BilinearInterpolation", "bilinear_interpolation_param { interpolation_factor: 0 }", x=(1, 2, 3, 3))


def test_a_size_is_wanted():
    with pytest.raises(netdef.SpecError, match="wants a second bottom, of the size of its top"):
        one_layer("BilinearInterpolation", x=(1, 2, 3, 3))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize(("param", "like"), [
    ("output_H: 7 output_W: 3", (1, 1, 2, 9)), ("output_H: 7 output_W: 3", None), ("scale: 1.75", None), ("", (1, 1, 7, 3))])
def test_sizes_of_dstflow(phase, param, like):
    x = draw(2, 3, 4, 5)
    more = {} if like is None else {"like": torch.zeros(like).double()}
    top = top_of("DynamicBilinear", f"dynamic_bilinear_param {{ {param} }}", phase, x=x, **more)
    size = (7, 8) if "scale" in param else (7, 3)
    assert torch.equal(top, top_of("BilinearInterpolation", x=x, like=torch.zeros(1, 1, *size).double()))


def test_no_size_is_refused():
    with pytest.raises(netdef.SpecError, match="wants a size: `output_H`"):
        one_layer("DynamicBilinear", x=(1, 2, 3, 3))
