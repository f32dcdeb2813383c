"""MTranspose, SplitChannel and DynamicMaskData of CCN."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def test_groups_of_channels_become_rows_and_return():
    """Row (item 2 + group) 20 + place has the channels of the group."""
    x = draw(2, 6, 4, 5)
    rows = top_of("MTranspose", "mtranspose_param { groups: 3 }", x=x)
    assert rows.shape == (80, 3)
    assert torch.equal(rows[(1 * 2 + 1) * 20 + 7], x[1, 3:6, 1, 2])
    back = top_of("MTranspose", "mtranspose_param { groups: 3 inverse: true channel: 6 height: 4 width: 5 }", r=rows)
    assert torch.equal(back, x)


def test_the_first_channels():
    x = draw(2, 6, 4, 5)
    assert torch.equal(top_of("SplitChannel", "memory_data_param { channels: 4 }", x=x), x[:, :4])


def test_a_mask_of_the_first_channels():
    x = draw(2, 6, 4, 5)
    net = one_layer("DynamicMaskData", "", x=x)
    assert (net(x=x)["y0"] == 1).all()
    net.layers["l"].count.fill_(4)
    top = net(x=x)["y0"]
    assert top.shape == x.shape and (top[:, :4] == 1).all() and not top[:, 4:].any()


@pytest.mark.parametrize(("kind", "param", "complaint"), [
    ("MTranspose", "mtranspose_param { groups: 4 }", "groups of 4"),
    ("MTranspose", "mtranspose_param { groups: 3 inverse: true channel: 6 height: 4 }", "width"),
    ("MTranspose", "mtranspose_param { groups: 3 inverse: true channel: 6 height: 4 width: 7 }", r"wants items \(6, 4, 7\)"),
    ("SplitChannel", "memory_data_param { channels: 7 }", "takes 7 of 6 channels"),
])
def test_what_does_not_fit_is_refused(kind: str, param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, param, x=(2, 6, 4, 5))
