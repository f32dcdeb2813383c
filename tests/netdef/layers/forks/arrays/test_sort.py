"""Sort, by arithmetic as in FuchenUSTC's fork."""

from __future__ import annotations

import torch
from one_layer import top_of


def test_sorted_together():
    x = torch.tensor([[[1.0, 4], [3, 2]], [[7, -1], [0, 5]]]).double().requires_grad_()
    top = top_of("Sort", x=x)
    assert top.tolist() == [[[4, 3], [2, 1]], [[7, 5], [0, -1]]]
    top.backward(torch.arange(8.0).double().view_as(top))
    assert x.grad.tolist() == [[[3, 0], [1, 2]], [[4, 7], [6, 5]]]
    assert top_of("Sort", "sort_param { axis: -1 }", x=x).tolist() == [[[4, 1], [3, 2]], [[7, -1], [5, 0]]]
