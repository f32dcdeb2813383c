"""FeaturePooling and AxisPooling, by arithmetic as in FuchenUSTC's fork."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def test_mean_of_blobs():
    a, b, c = (draw(2, 3, seed=seed).requires_grad_() for seed in (1, 2, 3))
    top = top_of("FeaturePooling", a=a, b=b, c=c)
    torch.testing.assert_close(top, (a + b + c) / 3)
    top.sum().backward()
    torch.testing.assert_close(b.grad, torch.full_like(b, 1 / 3))


def test_an_axis_pooled():
    x = draw(2, 4, 3, 5).requires_grad_()
    largest = top_of("AxisPooling", "axis_pooling_param { axis: 2 }", x=x)
    assert torch.equal(largest, x.amax(2).reshape(8, 5))
    largest.sum().backward()
    assert torch.equal(x.grad, (x == x.amax(2, keepdim=True)).double())
    x.grad = None
    mean = top_of("AxisPooling", "axis_pooling_param { pool: AVE }", x=x)
    torch.testing.assert_close(mean, x.mean(1).reshape(2, 15))
    mean.sum().backward()
    assert torch.equal(x.grad, torch.ones_like(x))  # not a quarter, as in the fork
    with pytest.raises(netdef.SpecError, match="does not implement"):
        one_layer("AxisPooling", "axis_pooling_param { pool: STOCHASTIC }", x=(2, 3))
