"""WeightedEuclideanLoss and EuclideanWeightedLoss, by arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def test_weights_for_each_number_have_a_gradient():
    a, b, w = (draw(2, 3, seed=seed).requires_grad_() for seed in range(3))
    loss = top_of("WeightedEuclideanLoss", a=a, b=b.reshape(2, 1, 1, 3), w=w.reshape(2, 1, 1, 3))  # as DeepTerrainRL's
    torch.testing.assert_close(loss, (w * (a - b) ** 2).sum() / 4)
    of_a, of_b, of_w = torch.autograd.grad(3 * loss, (a, b, w))
    torch.testing.assert_close(of_a, 3 * (w * (a - b)).detach() / 2)
    torch.testing.assert_close(of_b, -of_a)
    torch.testing.assert_close(of_w, 3 * ((a - b) ** 2).detach() / 4)
    with pytest.raises(netdef.SpecError, match="it wants a weight for each number"):
        one_layer("WeightedEuclideanLoss", a=(2, 3), b=(2, 3), w=(2, 1))


def test_differences_at_high_targets_count_more():
    x, t = torch.tensor([[2.0, 1, 5]], dtype=torch.float64).requires_grad_(), torch.tensor([[0.0, 3, 1]], dtype=torch.float64)
    loss = top_of("EuclideanWeightedLoss", "euclidean_weight_param { lambda: 10 }", x=x, t=t)
    assert loss.item() == (4 + 4 + 16 + 10 * (0 + 36 + 16)) / 2
    (gradient,) = torch.autograd.grad(loss, x)
    assert gradient.tolist() == [[2, -2 * (1 + 30), 4 * (1 + 10)]]  # with the target once, as in the fork
    assert top_of("EuclideanWeightedLoss", x=x, t=t).item() == (4 + 4 + 16 + 100 * (0 + 36 + 16)) / 2
