"""TopkGather, Where4 and Where4Gathernd."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef

LEVELS = torch.tensor([[4.0, 2.9, 5, 3, 2, 4]]).double()
ORDER = [1, 4, 3, 0, 5, 2]


def test_the_greatest_numbers():
    x = torch.tensor([3.0, 7, 1, 7, 5]).double()
    assert top_of("TopkGather", "topk_gather_param { top_k: 3 axis: 0 }", x=x).tolist() == [7, 7, 5]


def test_the_first_line_gives_the_order():
    x = draw(3, 4, 2)
    x[0, :, 0] = torch.tensor([1.0, 9, 9, 4])
    top = top_of("TopkGather", "topk_gather_param { top_k: 2 axis: 1 }", x=x)
    assert torch.equal(top, x[:, [2, 1]])  # of the equal ones the last
    x[0] = torch.tensor([[2.0, 3], [1, 0], [0, 0], [0, 0]])  # without an axis the first three numbers rank the rows
    assert torch.equal(top_of("TopkGather", "topk_gather_param { top_k: 2 }", x=x), x[[1, 0]])


def test_boxes_in_the_order_of_their_levels():
    assert top_of("Where4", "where4_param { num_output: 5 }", x=LEVELS).tolist() == [[0, i] for i in ORDER[:5]]
    boxes = draw(1, 6, 4)
    top = top_of("Where4Gathernd", "where4_gathernd_param { num_output: 5 }", x=boxes, l=LEVELS)
    assert torch.equal(top, boxes[0, ORDER[:5]])


@pytest.mark.parametrize("kind, param, shape, said", [
    ("TopkGather", "topk_gather_param { top_k: 4 }", (3, 5), "takes 4 entries of axis 0, of size 3"),
    ("Where4", "where4_param { num_output: 7 }", (1, 6), "takes 7 of 6 boxes"), ("Where4", "", (1, 6), "needs a `num_output`"),
    ("Where4", "where4_param { num_output: 1 }", (2, 6), "of one image"),
    ("Where4", "where4_param { num_output: 1 axis: 0 }", (1, 6), "with `axis` 1")])
def test_what_does_not_fit_is_refused(kind, param, shape, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer(kind, param, x=shape)


def test_entries_without_levels_are_refused():
    with pytest.raises(netdef.SpecError, match="a level for each"):
        one_layer("Where4Gathernd", "where4_gathernd_param { num_output: 1 }", x=(1, 5, 4), l=(1, 6))
