"""Conadd and CrossBlobsSum: a sum."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


@pytest.mark.parametrize("count", [1, 2, 3])
def test_sum_and_gradients(count: int):
    bottoms = {f"b{i}": draw(2, 3, 4, seed=i).requires_grad_() for i in range(count)}
    top = top_of("Conadd", "conadd_param { }", **bottoms)
    torch.testing.assert_close(top, torch.stack(list(bottoms.values())).sum(0))
    for gradient in torch.autograd.grad((2 * top).sum(), list(bottoms.values())):
        assert torch.equal(gradient, torch.full_like(top, 2))


def test_the_sum_under_its_other_name():
    x = draw(2, 3, 5)
    assert torch.equal(top_of("CrossBlobsSum", a=x, b=2 * x, c=x), 4 * x)


def test_other_shapes_are_refused():
    with pytest.raises(netdef.SpecError, match="shape"):
        one_layer("Conadd", a=(2, 3), b=(2, 4))
