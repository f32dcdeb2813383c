"""MILLoss: labels of places found from the classes of an image."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of
from torch.nn.functional import cross_entropy

import netdef

# Three classes, five places. With classes 0 and 2 in the image.
SCORES = torch.tensor([[2.0, 1, 0, 0, 0], [0, 0, 0, 0, 2.5], [0, 0, 3, 3, 0.5]]).double()[None, :, None]
NAMED = torch.tensor([[[[2.0, -1, 255, 2, 0]]]])


def test_numbers_are_added_until_the_shares_are_right():
    """Round 1 adds 1 to classes 0 and 2: labels 0 0 2 2 1. Round 2 adds 1 more, for class 1 has a place: 2.5, 2, 2.5 at place
    4, of which the first, class 1, wins. Round 3 gives 3, 2.5, 3.5: class 2, so 40% and 60%. That is not more than 40% for
    class 0, nor below; so 1 to both, again and again, until the 20 rounds are over.
    """
    x = SCORES.clone().requires_grad_()
    loss = top_of("MILLoss", x=x, t=NAMED)
    wanted = cross_entropy(x, torch.tensor([[[0, 0, 2, 2, 2]]]))
    torch.testing.assert_close(loss, wanted)
    torch.testing.assert_close(torch.autograd.grad(loss, x)[0], torch.autograd.grad(wanted, x)[0])


def test_class_0_is_raised_where_it_is_rare():
    """Class 0 has nothing in round 1, then 1 more each round: it wins places 0, 1 and 2 in round 4, with 60%."""
    x = torch.tensor([[0.0] * 5, [2.0, 2.5, 2.5, 6, 6]]).double()[None]
    loss = top_of("MILLoss", x=x, t=torch.tensor([[[1.0] * 5]]))
    torch.testing.assert_close(loss, cross_entropy(x, torch.tensor([[0, 0, 0, 1, 1]])))


def test_others_are_raised_where_they_are_rare():
    """Class 0 has all in round 1; class 1 gains 1 a round and has places 3 and 4 in round 3."""
    x = torch.tensor([[6.0, 6, 6, 1.5, 1.5], [0.0] * 5]).double()[None]
    loss = top_of("MILLoss", x=x, t=torch.tensor([[[1.0] * 5]]))
    torch.testing.assert_close(loss, cross_entropy(x, torch.tensor([[0, 0, 0, 1, 1]])))


def test_each_image_starts_anew_and_the_sum_is_over_items_without_normalize():
    x = torch.cat([SCORES, SCORES + 1])
    labels = torch.tensor([[[0, 0, 2, 2, 2]]] * 2)
    loss = top_of("MILLoss", "loss_param { normalize: false }", x=x, t=torch.cat([NAMED, NAMED]))
    torch.testing.assert_close(loss, cross_entropy(x, labels, reduction="sum") / 2)


def test_an_ignored_label_is_left_out():
    loss = top_of("MILLoss", "loss_param { ignore_label: 0 }", x=SCORES, t=NAMED)
    torch.testing.assert_close(loss, cross_entropy(SCORES, torch.tensor([[[0, 0, 2, 2, 2]]]), ignore_index=0))


def test_what_does_not_fit_is_refused():
    with pytest.raises(netdef.SpecError, match="wants the classes on axis 1"):
        one_layer("MILLoss", "softmax_param { axis: 2 }", x=(2, 3, 4), t=(2, 3))
    with pytest.raises(netdef.NetdefError, match="got the label 3"):
        top_of("MILLoss", x=torch.zeros(1, 3, 2), t=torch.tensor([[0.0, 3]]))
