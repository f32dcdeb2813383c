"""Pairwise: each item with each."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

A = torch.tensor([[1.0, -2], [3, 0.5], [0, 7]]).double()
B = torch.tensor([[2.0, 4], [-1, -2]]).double()


@pytest.mark.parametrize(("param", "pair"), [
    ("", lambda a, b: a + b), ("coeff: 0.5 coeff: -3", lambda a, b: 0.5 * a - 3 * b),
    ("operation: PROD", lambda a, b: a * b), ("operation: MAX", max)])
def test_pairs_of_items(param: str, pair):
    top = top_of("Pairwise", f"pairwise_param {{ {param} }}", a=A, b=B)
    assert top.tolist() == [[[pair(x, y) for x, y in zip(a, b)] for b in B.tolist()] for a in A.tolist()]


def test_of_equal_numbers_the_second_has_the_gradient():
    a, b = A.clone().requires_grad_(), B.clone().requires_grad_()
    top_of("Pairwise", "pairwise_param { operation: MAX }", a=a, b=b).sum().backward()
    assert a.grad.tolist() == [[1, 0], [2, 1], [1, 2]]
    assert b.grad.tolist() == [[2, 2], [0, 1]]


def test_what_the_fork_refuses():
    with pytest.raises(netdef.SpecError, match="2 channels of one number"):
        one_layer("Pairwise", a=(3, 2), b=(3, 4))
    with pytest.raises(netdef.SpecError, match="1 `coeff`; it wants none, or one for each"):
        one_layer("Pairwise", "pairwise_param { coeff: 2 }", a=(3, 2), b=(4, 2))
    with pytest.raises(netdef.SpecError, match="`coeff` with PROD"):
        one_layer("Pairwise", "pairwise_param { operation: PROD coeff: [1, 2] }", a=(3, 2), b=(4, 2))
