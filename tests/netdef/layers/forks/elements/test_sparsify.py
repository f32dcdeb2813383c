"""Sparsify against its formulas."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

X = torch.tensor([[-3.0, -0.5, 0.25], [0.0, 1.0, 4.0]]).double()


def gradient(param):
    """The gradient of the bottom where that of every value of the top is 10."""
    x = X.clone().requires_grad_()
    one_layer("Sparsify", param, x=x)(x=x)["y0"].backward(torch.full_like(X, 10))
    return x.grad.tolist()


def test_a_soft_threshold():
    assert top_of("Sparsify", "sparsify_param { thre: 0.5 }", x=X).tolist() == [[-2.5, 0, 0], [0, 0.5, 3.5]]
    assert gradient("sparsify_param { thre: 0.5 }") == [[10, 0, 0], [0, 10, 10]]


def test_the_penalty_is_in_the_gradient_only():
    assert top_of("Sparsify", "sparsify_param { coef: 2 }", x=X).tolist() == X.tolist()
    assert gradient("sparsify_param { coef: 2 }") == [[8, 8, 12], [10, 12, 12]]
    assert gradient("sparsify_param { thre: 0.5 coef: 2 }") == [[8, 0, 0], [0, 12, 12]]


def test_a_negative_threshold_is_refused():
    with pytest.raises(netdef.SpecError, match="has `thre` -1; it must be at least 0"):
        one_layer("Sparsify", "sparsify_param { thre: -1 }", x=X)
