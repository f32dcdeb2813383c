"""Softmax of pairs of scores, and its loss."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def test_each_pair_is_a_softmax():
    x = draw(3, 8)
    first = 1 / (1 + torch.exp(x[:, 1::2] - x[:, ::2]))
    torch.testing.assert_close(top_of("SoftmaxPair", x=x), torch.stack((first, 1 - first), 2).reshape(3, 8))


def test_the_loss_is_that_of_the_pair_of_the_label():
    x, labels = draw(3, 6).requires_grad_(), torch.tensor([4.0, 1, 3]).double()
    net = one_layer("SoftmaxPairWithLoss", phase="TRAIN", x=x, t=labels)
    loss = net(x=x, t=labels)["y0"]
    wanted = [x[i, label] - torch.log(x[i, label].exp() + x[i, label ^ 1].exp()) for i, label in enumerate((4, 1, 3))]
    torch.testing.assert_close(loss, -sum(wanted) / 3)
    (gradient,) = torch.autograd.grad(loss, x)
    counts = torch.zeros(3, 6, dtype=torch.bool)
    for i, pair in enumerate((2, 0, 1)):
        counts[i, 2 * pair:2 * pair + 2] = True
    assert (gradient[~counts] == 0).all() and (gradient[counts] != 0).all()


def test_scores_that_are_no_pairs_are_refused():
    with pytest.raises(netdef.SpecError, match="it wants an even number of scores an item"):
        one_layer("SoftmaxPair", x=(2, 5))
    with pytest.raises(netdef.SpecError, match="it wants a label for each item"):
        one_layer("SoftmaxPairWithLoss", x=(2, 4), t=(3,))
