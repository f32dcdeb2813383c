"""Idx2OneHot and Sample."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef


def test_a_one_at_each_class():
    y = top_of("Idx2OneHot", "idx21hot_param { dim: 3 }", x=torch.tensor([2.0, 0]).double())
    assert y.tolist() == [[0, 0, 1], [1, 0, 0]]
    y = top_of("Idx2OneHot", "idx21hot_param { dim: 2 }", x=torch.tensor([[[[0.0, 1, 1.9]]]]).double())
    assert y.tolist() == [[[[1, 0, 0]], [[0, 1, 1]]]]


def test_what_is_no_class():
    with pytest.raises(netdef.NetdefError, match="class outside 0 to 2"):
        top_of("Idx2OneHot", "idx21hot_param { dim: 3 }", x=torch.tensor([3.0]).double())
    with pytest.raises(netdef.SpecError, match="an axis 1 of size 1"):
        one_layer("Idx2OneHot", "idx21hot_param { dim: 3 }", x=(4, 2))


def test_draws_by_the_probabilities():
    torch.manual_seed(1)
    x = torch.tensor([[0.0, 0.25, 0.75]]).double().repeat(4000, 1)
    drawn = top_of("Sample", x=x)
    assert drawn.shape == (4000, 1) and drawn.min() == 1 and drawn.max() == 2
    assert (drawn == 2).double().mean().item() == pytest.approx(0.75, abs=0.03)
    assert top_of("Sample", x=torch.zeros(2, 3).double() - 1).tolist() == [[-1], [-1]]
