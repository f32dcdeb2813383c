"""MeanEuclideanLoss by arithmetic: the loss has the factors squared, the gradient once."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

import netdef


@pytest.mark.parametrize("scaled", [False, True])
def test_loss_and_gradients(scaled):
    a, b, s = draw(2, 3, 5).requires_grad_(), draw(2, 3, 5, seed=2).requires_grad_(), draw(2, 3, 5, seed=3)
    bottoms = {"a": a, "b": b} | ({"s": s} if scaled else {})
    loss = one_layer("MeanEuclideanLoss", phase="TRAIN", **bottoms)(**bottoms)["y0"]
    factor = s if scaled else torch.ones_like(s)
    torch.testing.assert_close(loss, (factor * (a - b)).square().sum() / 60)
    (3 * loss).backward()
    torch.testing.assert_close(a.grad, 3 * factor * (a - b).detach() / 30)
    torch.testing.assert_close(b.grad, -a.grad)


def test_factors_of_another_shape_are_refused():
    with pytest.raises(netdef.SpecError, match="it wants a factor for each number"):
        one_layer("MeanEuclideanLoss", a=(2, 3), b=(2, 3), s=(2, 1))


def test_the_loss_of_two_bottoms_under_its_other_name():
    a, b = draw(2, 3, 5), draw(2, 3, 5, seed=2)
    assert torch.equal(*(one_layer(kind, a=a, b=b)(a=a, b=b)["y0"] for kind in ("Euclidean2Loss", "MeanEuclideanLoss")))
