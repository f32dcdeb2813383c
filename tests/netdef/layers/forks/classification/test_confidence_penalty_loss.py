"""ConfidencePenaltyLoss by arithmetic."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

P = [[0.5, 0.3, 0.2], [0.1, 0.9, 0.0], [0.25, 0.25, 0.5]]


def test_the_share_of_other_classes_is_by_the_number_of_items():
    x = torch.tensor(P).double().requires_grad_()
    labels = torch.tensor([0.0, 1, 0]).double()
    loss = top_of("ConfidencePenaltyLoss", "confidence_penalty_loss_param { beta: 0.3 }", x=x, t=labels)
    weights = [[0.7, 0.15, 0.15], [0.15, 0.7, 0.15], [0.7, 0.15, 0.15]]
    total = sum(-w * math.log(max(p, 1e-20)) for ws, ps in zip(weights, P) for w, p in zip(ws, ps))
    assert loss.item() == pytest.approx(total / 3)
    loss.backward()
    slopes = [[-w / max(p, 1e-20) / 3 for w, p in zip(ws, ps)] for ws, ps in zip(weights, P)]
    assert x.grad.tolist() == [pytest.approx(row) for row in slopes]


def test_one_item_is_refused():
    with pytest.raises(netdef.SpecError, match="number of items less 1"):
        one_layer("ConfidencePenaltyLoss", x=(1, 3), t=(1,))
