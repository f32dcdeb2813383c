"""SoftmaxKLDLoss by arithmetic."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

X = torch.tensor([[0.0, math.log(3)], [math.log(4), 0]]).double()  # (1/4, 3/4) and (4/5, 1/5)
Q = torch.tensor([[0.5, 0.5], [1, 0]]).double()
FIRST, SECOND = 0.5 * math.log(2) + 0.5 * math.log(2 / 3), math.log(5 / 4)


def test_the_mean_divergence_and_its_gradient():
    x = X.clone().requires_grad_()
    loss = top_of("SoftmaxKLDLoss", x=x, q=Q)
    assert loss.item() == pytest.approx((FIRST + SECOND) / 2)
    loss.backward()
    assert x.grad.flatten().tolist() == pytest.approx([-1 / 8, 1 / 8, -1 / 10, 1 / 10])


def test_the_gradient_is_the_softmax_minus_the_targets():
    x = X.clone().requires_grad_()
    top_of("SoftmaxKLDLoss", "loss_param { normalization: NONE }", x=x, q=2 * Q).backward()
    assert x.grad.flatten().tolist() == pytest.approx([1 / 4 - 1, 3 / 4 - 1, 4 / 5 - 2, 1 / 5])


@pytest.mark.parametrize(("mode", "divisor"), [("VALID", 3), ("FULL", 2), ("BATCH_SIZE", 2), ("NONE", 1)])
def test_factors_of_predictions(mode, divisor):
    factors = torch.tensor([2.0, -1]).double()
    loss = top_of("SoftmaxKLDLoss", f"loss_param {{ normalization: {mode} }}", x=X, q=Q, f=factors)
    assert loss.item() == pytest.approx((2 * FIRST - SECOND) / divisor)


def test_factors_of_another_number_are_refused():
    with pytest.raises(netdef.SpecError, match="each of 40 predictions"):
        one_layer("SoftmaxKLDLoss", x=(2, 3, 5, 4), q=(2, 3, 5, 4), f=(2, 5, 1))
