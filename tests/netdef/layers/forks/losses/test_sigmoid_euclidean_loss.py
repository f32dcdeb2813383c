"""SigmoidEuclideanLoss, by arithmetic as in DeepSkeleton's fork."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import top_of

SCORES = [[0.5, -1.0, 2.0], [1.5, 0.0, -0.5]]
TARGETS = [[1.0, 0, 0], [3, 0.002, 0]]


def test_targets_are_balanced():
    x = torch.tensor(SCORES).double().requires_grad_()
    loss = top_of("SigmoidEuclideanLoss", x=x, t=torch.tensor(TARGETS).double())
    first = (2 * (0.5 - 1) ** 2 + 1 * (1 + 4)) / 3  # one of three from 0.001 on
    second = (3 * ((1.5 - 3) ** 2 + 0.002**2) + 3 * 0.25) / 6  # of six in both items three are
    assert loss.item() == pytest.approx((first + second) / 2)
    loss.backward()
    shares = [[2 / 3, 1 / 3, 1 / 3], [1 / 3, 1 / 3, 2 / 3]]
    wanted = [[share * (1 / (1 + math.exp(-s)) - t) / 2 for share, s, t in zip(*rows)] for rows in zip(shares, SCORES, TARGETS)]
    assert x.grad.tolist() == [pytest.approx(row) for row in wanted]
