"""Axpy and Mul against sums over indices."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, top_of

import netdef


def test_axpy_and_mul():
    a, x, y = draw(2, 3), draw(2, 3, 5, 4), draw(2, 3, 5, 4, seed=2)
    for factors in (a, a[:, :, None, None]):
        torch.testing.assert_close(top_of("Axpy", "", a=factors, x=x, y=y), torch.einsum("nc,nchw->nchw", a, x) + y)
    torch.testing.assert_close(top_of("Mul", "", x=x, a=a[:, :, None, None]), torch.einsum("nc,nchw->nchw", a, x))
    with pytest.raises(netdef.SpecError, match="one factor a channel"):
        top_of("Axpy", "", a=draw(2, 4), x=x, y=y)
