"""TVLoss, by arithmetic as in GuohongWu's fork."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, top_of
from torch.autograd import gradcheck


def test_total_variation():
    plane = [[1.0, 3, 3], [4, 3, 3], [0, 5, 2]]
    x = torch.tensor(plane).double()[None, None].repeat(2, 1, 1, 1).requires_grad_()
    steps = [(2, 3), (0, 0), (1, 4), (0, 2)]  # to the right and down, without the last row and column
    loss = top_of("TVLoss", "tv_loss_param { beta: 3 }", x=x)
    assert loss.item() == pytest.approx(2 * sum((a * a + b * b) ** 1.5 for a, b in steps))
    assert gradcheck(lambda y: top_of("TVLoss", "tv_loss_param { beta: 3 }", x=y), draw(1, 2, 3, 4).requires_grad_())
    top_of("TVLoss", "tv_loss_param { beta: 1 }", x=x).backward()
    assert x.grad.isfinite().all() and x.grad[0, 0, 0, 2].item() == 0
