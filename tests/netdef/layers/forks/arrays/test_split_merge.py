"""SplitMerge, by arithmetic as in BraveApple's fork."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, tops_of

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
