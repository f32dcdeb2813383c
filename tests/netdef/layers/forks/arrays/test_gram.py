"""Gram and Covariance: products of maps."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef

X = torch.tensor([[1.0, 2, 0], [3, -1, 4]]).double().reshape(1, 2, 1, 3)
SLOPES = torch.tensor([[1.0, 2], [5, 3]]).double().reshape(1, 2, 2, 1)


@pytest.mark.parametrize("kind", ["Gram", "Covariance"])
def test_products_of_channels(kind: str):
    top = top_of(kind, x=X)
    assert top.shape == (1, 2, 2, 1)
    torch.testing.assert_close(6 * top[0, ..., 0], torch.tensor([[5.0, 1], [1, 26]]).double())
    x = draw(2, 3, 4, 5)
    assert top_of(kind, x=x)[1, 2, 0, 0].item() == pytest.approx((x[1, 2] * x[1, 0]).sum().item() / 60)


def gradient(kind: str) -> torch.Tensor:
    x = X.clone().requires_grad_()
    top_of(kind, x=x).backward(SLOPES)
    return 6 * x.grad[0, :, 0]


def test_gradients():
    a, b = X[0, :, 0]
    torch.testing.assert_close(gradient("Gram"), torch.stack((2 * a + 7 * b, 7 * a + 6 * b)))
    torch.testing.assert_close(gradient("Covariance"), torch.stack((2 * a + 2 * b, 5 * a + 6 * b)))


def test_other_axes_are_refused():
    with pytest.raises(netdef.SpecError, match="4 axes"):
        one_layer("Gram", x=(2, 3, 4))
