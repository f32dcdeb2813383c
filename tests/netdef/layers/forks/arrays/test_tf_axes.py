"""ExpandDimsND, Unstack, Stack, BroadcastTo, TileND and Shape."""

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


@pytest.mark.parametrize("axis, shape", [(0, (3, 2, 5)), (1, (2, 3, 5)), (-1, (2, 5, 3)), (-3, (3, 2, 5))])
def test_bottoms_are_stacked(axis, shape):
    parts = [draw(2, 5, seed=i) for i in range(3)]
    top = top_of("Stack", f"stack_param {{ axis: {axis} }}", a=parts[0], b=parts[1], c=parts[2])
    assert top.shape == shape
    for i, part in enumerate(parts):
        assert torch.equal(top.select(axis, i), part)


def test_bottoms_of_unlike_shapes_are_not_stacked():
    with pytest.raises(netdef.SpecError, match="must be of one shape"):
        one_layer("Stack", "", a=(2, 5), b=(2, 4))
    with pytest.raises(netdef.SpecError, match="puts in axis 3; its top has 3 axes"):
        one_layer("Stack", "stack_param { axis: 3 }", a=(2, 5), b=(2, 5))


def test_axes_of_one_entry_are_repeated():
    x = draw(3, 1, 4)
    top = top_of("BroadcastTo", "broadcast_to_param { shape: [2, 3, 5, 4] }", x=x)
    assert top.shape == (2, 3, 5, 4)
    for i in range(2):
        for j in range(5):
            assert torch.equal(top[i, :, j], x[:, 0])


@pytest.mark.parametrize("shape", ["[3, 5]", "[2, 1, 4]", "[0, 3, 1, 4]"])
def test_a_shape_that_does_not_fit_is_refused(shape):
    with pytest.raises(netdef.SpecError, match="sizes of its last axes must agree, or be 1 in the bottom"):
        one_layer("BroadcastTo", f"broadcast_to_param {{ shape: {shape} }}", x=(3, 1, 4))


def test_tiles_of_each_axis():
    x = draw(2, 3)
    top = top_of("TileND", "tile_nd_param { multiples: [2, 3] }", x=x)
    assert top.shape == (4, 9)
    for i in range(2):
        for j in range(3):
            assert torch.equal(top[2 * i : 2 * i + 2, 3 * j : 3 * j + 3], x)
    with pytest.raises(netdef.SpecError, match="has 1 `multiples`, and a bottom of 2 axes"):
        one_layer("TileND", "tile_nd_param { multiples: 2 }", x=(2, 3))
    with pytest.raises(netdef.SpecError, match="`multiples` .2, 0.; it must be at least 1"):
        one_layer("TileND", "tile_nd_param { multiples: [2, 0] }", x=(2, 3))


def test_the_shape_of_a_blob():
    assert top_of("Shape", x=draw(2, 3, 5)).tolist() == [2, 3, 5]


def test_promises():
    param = "expand_dims_nd_param { axis: 2 axis: 0 }"
    check_layer(f'layer {{ name: "l" type: "ExpandDimsND" bottom: "x" top: "y" {param} }}', x=(2, 3, 5))
    check_layer('layer { name: "l" type: "Unstack" bottom: "x" top: "a" top: "b" unstack_param { axis: -1 } }', x=(2, 3, 5))
