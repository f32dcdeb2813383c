"""SplitMerge, Sort, FeaturePooling and AxisPooling by arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of

import netdef


def test_groups_of_channels():
    x = draw(2, 5, 3).requires_grad_()
    tops = tops_of("SplitMerge", "split_merge_param { group_num: 2 group: '4 0' group: '1  3 2' }", 2, x=x)
    assert torch.equal(tops[0], torch.stack([x[:, 4], x[:, 0]], 1))
    assert torch.equal(tops[1], torch.stack([x[:, 1], x[:, 3], x[:, 2]], 1))
    (tops[0].sum() + 2 * tops[1].sum()).backward()
    assert x.grad[0, :, 0].tolist() == [1, 2, 2, 2, 1]


@pytest.mark.parametrize(("param", "words"), [
    ("group_num: 2 group: '0 1 2'", "1 `group`, `group_num` 2 and 1 tops"),
    ("group: '0 1'", "each of the 3 places of axis 1 in one `group`"), ("group: '0 1 1 2'", "each of the 3 places"),
    ("group: '0 x 2'", "is a list of whole numbers")])
def test_groups_that_do_not_fit(param: str, words: str):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("SplitMerge", f"split_merge_param {{ {param} }}", x=(2, 3))


def test_sorted_together():
    x = torch.tensor([[[1.0, 4], [3, 2]], [[7, -1], [0, 5]]]).double().requires_grad_()
    top = top_of("Sort", x=x)
    assert top.tolist() == [[[4, 3], [2, 1]], [[7, 5], [0, -1]]]
    top.backward(torch.arange(8.0).double().view_as(top))
    assert x.grad.tolist() == [[[3, 0], [1, 2]], [[4, 7], [6, 5]]]
    assert top_of("Sort", "sort_param { axis: -1 }", x=x).tolist() == [[[4, 1], [3, 2]], [[7, -1], [5, 0]]]


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
