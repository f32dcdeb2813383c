"""CorrelationLoss, TVLoss and MySmoothL1Loss by arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef


def test_mean_product():
    a, b = draw(2, 1, 3).requires_grad_(), draw(2, 1, 3, seed=2).requires_grad_()
    loss = top_of("CorrelationLoss", a=a, b=b)
    assert loss.item() == pytest.approx(sum(x * y for x, y in zip(a.flatten().tolist(), b.flatten().tolist())) / 6)
    loss.backward()
    torch.testing.assert_close(a.grad, b.detach() / 6)
    with pytest.raises(netdef.SpecError, match="both have one channel"):
        one_layer("CorrelationLoss", a=(2, 3), b=(2, 3))


def test_total_variation():
    plane = [[1.0, 3, 3], [4, 3, 3], [0, 5, 2]]
    x = torch.tensor(plane).double()[None, None].repeat(2, 1, 1, 1).requires_grad_()
    steps = [(2, 3), (0, 0), (1, 4), (0, 2)]  # to the right and down, without the last row and column
    loss = top_of("TVLoss", "tv_loss_param { beta: 3 }", x=x)
    assert loss.item() == pytest.approx(2 * sum((a * a + b * b) ** 1.5 for a, b in steps))
    assert gradcheck(lambda y: top_of("TVLoss", "tv_loss_param { beta: 3 }", x=y), draw(1, 2, 3, 4).requires_grad_())
    top_of("TVLoss", "tv_loss_param { beta: 1 }", x=x).backward()
    assert x.grad.isfinite().all() and x.grad[0, 0, 0, 2].item() == 0


def test_smooth_l1_at_labelled_places():
    a = torch.tensor([[[[0.5, 9]], [[2.0, 9]]]]).double().requires_grad_()
    labels = torch.tensor([[[[1.0, 0]]]]).double()
    param = "my_smooth_L1_loss_param { sigma: 0.8 }"
    loss = top_of("MySmoothL1Loss", param, a=a, b=torch.zeros(1, 2, 1, 2).double(), t=labels)
    assert loss.item() == pytest.approx((0.64 * 0.25 / 2 + 2 - 0.5 / 0.64) / 1)
    loss.backward()
    assert a.grad.flatten().tolist() == pytest.approx([0.64 * 0.5, 0, 1, 0])
    assert top_of("MySmoothL1Loss", param, a=a, b=a + 1, t=0 * labels).item() == 0
    with pytest.raises(netdef.SpecError, match=r"must have shape \(2, 1, 4, 5\)"):
        one_layer("MySmoothL1Loss", a=(2, 3, 4, 5), b=(2, 3, 4, 5), t=(2, 3, 4, 5))
