"""PairwiseRankingHingeLoss and TripletRankingHingeLoss by arithmetic, with twice the derivatives."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef


def test_pairs_of_scores():
    a, b = (torch.tensor(each).double()[:, None].requires_grad_() for each in ([1.0, 5, 0.5], [0.5, 1, 2]))
    loss = top_of("PairwiseRankingHingeLoss", "pairwise_ranking_hinge_loss_param { margin: 2 }", a=a, b=b)
    assert loss.item() == pytest.approx((1.5 + 0 + 3.5) / 6)
    loss.backward()
    assert a.grad.flatten().tolist() == pytest.approx([-1 / 3, 0, -1 / 3])
    assert b.grad.flatten().tolist() == pytest.approx([1 / 3, 0, 1 / 3])
    with pytest.raises(netdef.SpecError, match="one number for each item"):
        one_layer("PairwiseRankingHingeLoss", a=(3, 2), b=(3, 2))


def test_triplets():
    a, p, n = (torch.tensor(each).double().requires_grad_() for each in (
        [[0.0, 0], [1, 1]], [[1, 0], [1, 1]], [[0, 1.5], [9, 9]]))
    param = "triplet_ranking_hinge_loss_param { dim: 2 margin: 3 }"
    loss = top_of("TripletRankingHingeLoss", param, a=a, p=p, n=n)
    assert loss.item() == pytest.approx((3 + 1 - 2.25) / 2)
    loss.backward()
    assert a.grad.tolist() == [[-2, 3], [0, 0]]  # 4 / N of n - p
    assert p.grad.tolist() == [[2, 0], [0, 0]]
    assert n.grad.tolist() == [[0, -3], [0, 0]]
    with pytest.raises(netdef.SpecError, match="must have `dim`, 10, numbers"):
        one_layer("TripletRankingHingeLoss", a=(2, 3), p=(2, 3), n=(2, 3))
