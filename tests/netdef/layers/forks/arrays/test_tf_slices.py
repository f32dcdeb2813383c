"""Piece and StridedSlice."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef

X = (4, 5, 6)


def test_a_piece():
    x = draw(*X)
    assert torch.equal(top_of("Piece", "piece_param { begin: [1, 0, 2] size: [2, -1, 3] }", x=x), x[1:3, :, 2:5])


@pytest.mark.parametrize("param, said", [
    ("begin: [1, 0] size: [1, 1]", "one of each for the 3 axes"),
    ("begin: [1, 0, 0] size: [4, 1, 1]", "takes 4 from 1 on of axis 0"),
    ("begin: [1, 0, 6] size: [1, 1, -1]", "takes -1 from 6 on of axis 2, of size 6"),
    ("begin: [1, -1, 0] size: [1, 1, 1]", "takes 1 from -1")])
def test_a_piece_outside_is_refused(param, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer("Piece", f"piece_param {{ {param} }}", x=X)


@pytest.mark.parametrize("param, wanted", [
    ("begin: [1, 0] end: [3, 5] strides: [1, 2]", lambda x: x[1:3, 0:5:2]),
    ("begin: -3 end: -1", lambda x: x[1:3]),
    ("begin: 3 end: -9 strides: -2", lambda x: x[[3, 1]]),
    ("begin: [1, 2] end: [2, 3] begin_mask: 1 end_mask: 2", lambda x: x[:2, 2:]),
    ("begin: [1, 1] end: [2, 3] strides: [1, -2] begin_mask: 2 end_mask: 2", lambda x: x[1:2, [4, 2, 0]]),
    ("begin: [0, 1] end: [0, 3] ellipsis_mask: 1", lambda x: x[..., 1:3]),
    ("begin: [1, 0, -1] end: [2, 0, 9] ellipsis_mask: 2 shrink_axis_mask: 5", lambda x: x[1, :, -1]),
    ("begin: [0, 0, 2] end: [0, 0, 4] new_axis_mask: 2 begin_mask: 1 end_mask: 1", lambda x: x[:, None, 2:4]),
    ("begin: [0, 0] end: [0, 0] ellipsis_mask: 1 new_axis_mask: 2", lambda x: x[..., None]),
    ("begin: [0, -1] end: [2, -99] strides: [1, -1] axes: [-1, 0]", lambda x: x.flip(0)[..., :2]),
    ("begin: 2 end: 2147483647 axes: 1 begin_mask: 1", lambda x: x[:, 2:]),  # masks have no effect beside axes
    ("begin: 9 end: 12", lambda x: x[3:]),  # the last entry, as in the fork
])
def test_entries_of_axes(param, wanted):
    x = draw(*X)
    assert torch.equal(top_of("StridedSlice", f"strided_slice_param {{ {param} }}", x=x), wanted(x))


@pytest.mark.parametrize("param, said", [
    ("begin: 1 end: [2, 3]", "1 `begin`, 2 `end` and 1 `strides`"), ("begin: 1 end: 2 strides: 0", "a stride of 0"),
    ("begin: 2 end: 2", "takes nothing from 2 to 2 by 1 of an axis of size 4"),
    ("begin: [0, 0] end: [1, 1] ellipsis_mask: 3", "several bits"),
    ("begin: [0, 0, 0, 0] end: [1, 1, 1, 1]", "numbers for 4 axes"),
    ("begin: 1 end: 2 axes: 3", "wants axis 3"), ("begin: 1 end: 2 axes: [0, 1]", "2 `axes` and 1 `begin`")])
def test_what_does_not_fit_is_refused(param, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer("StridedSlice", f"strided_slice_param {{ {param} }}", x=X)


def test_the_rest_of_a_larger_batch_is_taken():
    net = one_layer("StridedSlice", "strided_slice_param { begin: 1 end: 4 }", x=X)
    assert len(net(x=draw(7, 5, 6))["y0"]) == 6
