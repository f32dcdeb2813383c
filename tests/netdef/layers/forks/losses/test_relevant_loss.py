"""RelevantLoss: differences of coordinates to each other."""

from __future__ import annotations

import itertools

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def test_pairs_of_one_axis():
    a, b = draw(3, 7).requires_grad_(), draw(3, 7, seed=2)
    loss = top_of("RelevantLoss", a=a, b=b)
    pairs = [*itertools.combinations(range(3), 2), *itertools.combinations(range(3, 7), 2)]  # 3 of 7 are x
    wanted = sum((a[:, i] - a[:, j] - b[:, i] + b[:, j]).square().sum() for i, j in pairs) / 6
    torch.testing.assert_close(loss, wanted)
    torch.testing.assert_close(torch.autograd.grad(loss, a)[0], torch.autograd.grad(wanted, a)[0])


def test_a_bottom_of_one_axis_is_refused():
    with pytest.raises(netdef.SpecError, match="wants a bottom of at least 2 axes"):
        one_layer("RelevantLoss", a=(6,), b=(6,))
