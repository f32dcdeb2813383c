"""EuclideanLossWithIndex, by arithmetic as in ducha-aiki's fork."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef


def test_one_number_of_each_row():
    x = torch.tensor([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]).double().requires_grad_()
    index, targets = torch.tensor([2.0, 0, 0]).double(), torch.tensor([1.0, 5, 7]).double()
    loss = top_of("EuclideanLossWithIndex", i=index, t=targets, x=x)
    assert loss.item() == pytest.approx((4 + 1 + 0) / 6)
    loss.backward()
    assert x.grad.tolist() == [[0, 0, pytest.approx(2 / 3)], [pytest.approx(-1 / 3), 0, 0], [0, 0, 0]]
    with pytest.raises(netdef.NetdefError, match="got the label 3"):
        top_of("EuclideanLossWithIndex", i=index + 1, t=targets, x=x)
    with pytest.raises(netdef.SpecError, match="3 rows of 3 numbers"):
        one_layer("EuclideanLossWithIndex", i=(3,), t=(3,), x=(3, 4))
