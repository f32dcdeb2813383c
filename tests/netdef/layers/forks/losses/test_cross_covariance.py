"""XCovLoss: covariances of two codes."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef


def test_the_squares_of_all_covariances():
    a = torch.tensor([[1.0, 4], [3, 0]]).double()  # -1 and 1 from its mean, 2 and -2
    b = torch.tensor([[5.0, 1, 2], [1, 1, 8]]).double()  # 2 and -2, 0 and 0, -3 and 3
    covariances = [-2, 0, 3, 4, 0, -6]
    top = top_of("XCovLoss", a=a, b=b)
    assert top.shape == (1, 1, 1, 1) and top.item() == pytest.approx(sum(c * c for c in covariances) / 2)


def test_gradient():
    a, b = draw(4, 3, 2).requires_grad_(), draw(4, 5, seed=2).requires_grad_()
    net = one_layer("XCovLoss", "", "TRAIN", a=a, b=b)
    assert gradcheck(lambda a, b: net(a=a, b=b)["y0"], (a, b))


def test_batches_of_two_sizes_are_refused():
    with pytest.raises(netdef.SpecError, match="first axes must agree"):
        one_layer("XCovLoss", a=(4, 3), b=(5, 3))
