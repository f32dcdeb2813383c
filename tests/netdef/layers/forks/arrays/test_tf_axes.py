"""ExpandDimsND and Unstack."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of

import netdef
from netdef.testing import check_layer


@pytest.mark.parametrize("axes, shape", [
    ((1,), (2, 1, 3, 5)), ((3,), (2, 3, 5, 1)), ((-1,), (2, 3, 5, 1)), ((-3,), (2, 1, 3, 5)), ((0, 2), (1, 2, 3, 1, 5)),
    ((2, 0), (2, 1, 3, 1, 5)), ((), (2, 3, 5))])
def test_axes_are_put_in(axes, shape):
    x = draw(2, 3, 5)
    param = " ".join(f"axis: {axis}" for axis in axes)
    top = top_of("ExpandDimsND", f"expand_dims_nd_param {{ {param} }}", x=x)
    assert top.shape == shape and torch.equal(top.flatten(), x.flatten())


def test_an_axis_beyond_the_last_is_refused():
    with pytest.raises(netdef.SpecError, match="axis"):
        one_layer("ExpandDimsND", "expand_dims_nd_param { axis: 4 }", x=(2, 3, 5))


@pytest.mark.parametrize("param, axis, parts", [("", 0, 2), ("axis: 1", 1, 3), ("axis: -1 num: 5", 2, 5), ("axis: 1", 1, 2)])
def test_parts_without_the_axis(param, axis, parts):
    x = draw(2, 3, 5)
    tops = tops_of("Unstack", f"unstack_param {{ {param} }}", tops=parts, x=x)
    assert len(tops) == parts
    for i, top in enumerate(tops):
        assert torch.equal(top, x.select(axis, i))


def test_more_tops_than_parts_are_refused():
    with pytest.raises(netdef.SpecError, match="has 4 tops for axis 1 of size 3"):
        one_layer("Unstack", "unstack_param { axis: 1 }", tops=4, x=(2, 3, 5))


def test_promises():
    param = "expand_dims_nd_param { axis: 2 axis: 0 }"
    check_layer(f'layer {{ name: "l" type: "ExpandDimsND" bottom: "x" top: "y" {param} }}', x=(2, 3, 5))
    check_layer('layer { name: "l" type: "Unstack" bottom: "x" top: "a" top: "b" unstack_param { axis: -1 } }', x=(2, 3, 5))
