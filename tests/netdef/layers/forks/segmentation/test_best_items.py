"""TopK and TopKOld: the items with the best scores."""

from __future__ import annotations

import torch
from one_layer import draw, one_layer, top_of, tops_of
from torch.autograd import gradcheck


def test_the_best_items_in_their_order():
    x, scores = draw(5, 3), torch.tensor([[0.2], [0.9], [0.1], [0.7], [0.8]]).double()
    like = torch.zeros(3, 7).double()
    top, numbers = tops_of("TopK", "", 2, x=x, s=scores, k=like)
    assert torch.equal(top, x[[1, 3, 4]]) and numbers.shape == (3, 1, 1, 1) and numbers.flatten().tolist() == [1, 3, 4]


def test_the_best_class_but_the_background_counts():
    """Item 0 has its greatest score for the background; 2 has none above 0, as has 0."""
    x = draw(3, 2)
    scores = torch.tensor([[9, -1, 0.0], [0, 0.3, -5], [0, -2, -3]]).double()
    assert torch.equal(top_of("TopK", "", x=x, s=scores, k=torch.zeros(2, 1).double()), x[[0, 1]])


def test_fewer_items_than_wanted():
    x, scores, like = draw(2, 3), torch.tensor([0.2, 0.9]).double(), torch.zeros(4, 1).double()
    assert torch.equal(top_of("TopK", "", x=x, s=scores, k=like), x)
    top, numbers = tops_of("TopKOld", "", 2, x=x, s=scores, k=like)
    assert torch.equal(top, torch.cat((x, torch.zeros(2, 3)))) and numbers.flatten().tolist() == [0, 1, 0, 0]


def test_the_chosen_items_learn():
    x, scores, like = draw(5, 3).requires_grad_(), draw(5, 1, seed=2), torch.zeros(2, 1).double()
    net = one_layer("TopKOld", "", "TRAIN", x=x, s=scores, k=like)
    assert gradcheck(lambda x: net(x=x, s=scores, k=like)["y0"], (x,))
