"""MatchLoss by arithmetic."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of

import netdef


def test_loss_and_gradient():
    a, b = torch.tensor([[1.0, 2, 9]]).double(), torch.tensor([[1.0, 3, 9]]).double()
    w = torch.tensor([[0.5, 2, 7]]).double().requires_grad_()
    param = "match_loss_param { lambda: 0.3 eps: 0.1 penalize: 4 } loss_param { ignore_label: 9 }"
    loss = top_of("MatchLoss", param, "TRAIN", a=a, b=b, w=w)
    lengths = [math.hypot(0.5, 0.1), math.hypot(2, 0.1)]
    assert loss.item() == pytest.approx((-0.5 + 4 * 2 - 0.3 * sum(lengths)) / 2)
    loss.backward()
    assert w.grad.flatten().tolist() == pytest.approx([(-1 - 0.3 * 0.5 / lengths[0]) / 2, (4 - 0.3 * 2 / lengths[1]) / 2, 0])


def test_bottoms_that_differ_are_refused():
    with pytest.raises(netdef.SpecError, match="they must hold equally many numbers"):
        one_layer("MatchLoss", a=(2, 3), b=(2, 3), w=(2, 4))
