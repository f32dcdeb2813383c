"""AttentionCrop: what is cropped, and the gradient of its numbers."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

MEANS = torch.tensor([109.961, 127.21, 123.645]).double()


def images(size: int = 8) -> torch.Tensor:
    """Pixels of 10 row + column, less the means, which are added before pixels become whole."""
    rows, columns = torch.meshgrid(torch.arange(float(size)), torch.arange(float(size)), indexing="ij")
    return (10 * rows + columns + 1e-3).double().expand(1, 3, size, size) - MEANS[:, None, None]


def test_a_square_of_one_pixel_fills_the_top():
    top = top_of("AttentionCrop", x=images(), s=torch.tensor([[3.5, 5.5, 0.5]]).double())
    assert top.shape == (1, 3, 224, 224)
    torch.testing.assert_close(top, (53 - MEANS)[None, :, None, None].expand(1, 3, 224, 224))


def test_a_square_is_cut_off_at_the_border():
    top = top_of("AttentionCrop", x=images(), s=torch.tensor([[0.0, 8.0, 2.9]]).double())  # columns 0 to 1, rows 5 to 7
    corners = top[0, :, [0, 0, -1, -1], [0, -1, 0, -1]] + MEANS[:, None]
    assert corners.round().tolist() == [[50, 51, 70, 71]] * 3


def test_the_gradient_is_that_of_a_soft_square():
    x, numbers = images(), torch.tensor([[3.0, 4.0, 2.0]]).double().requires_grad_()
    top = top_of("AttentionCrop", x=x, s=numbers)
    places = (0, 200, 50)  # channel, row, column
    (3 * top[0][places]).backward()  # 1e-7 at the greatest, whatever its size

    def step(at: float) -> float:
        return 1 / (1 + math.exp(-0.05 * at))

    def square(a: float, b: float, c: float) -> float:
        return (step(px - a + c) - step(px - a - c)) * (step(py - b + c) - step(py - b - c))

    px, py, small = 3 - 2 + 4 * 50 / 224, 4 - 2 + 4 * 200 / 224, 1e-5
    found = [(square(*(3 + small * (i == 0), 4 + small * (i == 1), 2 + small * (i == 2)))
              - square(*(3 - small * (i == 0), 4 - small * (i == 1), 2 - small * (i == 2)))) / (2 * small) for i in range(3)]
    wanted = [-found[0], -found[1], 0.005 - found[2]]  # The fork's signs
    assert (numbers.grad[0] / 1e-7).tolist() == pytest.approx(wanted, abs=1e-6)


def test_what_does_not_fit_is_refused():
    with pytest.raises(netdef.SpecError, match="square images"):
        one_layer("AttentionCrop", x=(1, 3, 8, 9), s=(1, 3))
    with pytest.raises(netdef.SpecError, match="3 numbers for each image"):
        one_layer("AttentionCrop", x=(2, 3, 8, 8), s=(2, 4))
    with pytest.raises(netdef.NetdefError, match="not in the image"):
        top_of("AttentionCrop", x=images(), s=torch.tensor([[30.0, 3, 1]]).double())
