"""FusionL2Max: the longest vectors."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef


def test_values_and_gradients():
    a = torch.tensor([[[3.0, 0, 1, 5], [4, 0, 1, 0]]]).double().requires_grad_()
    b = torch.tensor([[[0.0, 0, -2, 0], [-5, 0, 0, 6]]]).double().requires_grad_()
    top = top_of("FusionL2Max", a=a, b=b)  # Lengths 5 and 5, 0 and 0, 1.4 and 2, 5 and 6.
    assert top.tolist() == [[[3, 0, -2, 0], [4, 0, 0, 6]]]
    top.sum().backward()
    assert a.grad.tolist() == [[[1, 1, 0, 0]] * 2] and b.grad.tolist() == [[[0, 0, 1, 1]] * 2]


def test_other_shapes_are_refused():
    with pytest.raises(netdef.SpecError, match="all must be of one shape"):
        one_layer("FusionL2Max", a=(2, 3), b=(2, 4))
