"""ArgMaxOne: the first of the greatest."""

from __future__ import annotations

import torch
from one_layer import top_of


def test_the_first_of_equals():
    x = torch.tensor([[[1.0, 5], [3, 5], [3, 2]]]).double()
    assert top_of("ArgMaxOne", x=x).tolist() == [[1, 0]]
    assert top_of("ArgMaxOne", "argmax_one_param { axis: -1 }", x=x).tolist() == [[1, 1, 0]]
    assert top_of("ArgMaxOne", "argmax_one_param { axis: 0 }", x=x[0, :, 0]).tolist() == [1]
