"""CorrelationLoss, by arithmetic as in happynear's fork."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def test_mean_product():
    a, b = draw(2, 1, 3).requires_grad_(), draw(2, 1, 3, seed=2).requires_grad_()
    loss = top_of("CorrelationLoss", a=a, b=b)
    assert loss.item() == pytest.approx(sum(x * y for x, y in zip(a.flatten().tolist(), b.flatten().tolist())) / 6)
    loss.backward()
    torch.testing.assert_close(a.grad, b.detach() / 6)
    with pytest.raises(netdef.SpecError, match="both have one channel"):
        one_layer("CorrelationLoss", a=(2, 3), b=(2, 3))
