"""Shapes stated in a text."""

from __future__ import annotations

import pytest

from netdef.definition.read import read_net_text
from netdef.errors import SpecError
from netdef.layers.core.shapes import MOST_ELEMENTS, check_shape, read_shape, shape_text

PATH = ("parameter_param", "shape")


@pytest.mark.parametrize("dims, said", [
    ("dim: 2 dim: 3", None),
    ("", None),
    ("dim: 0 dim: 3", None),
    ("dim: 2 dim: -1", r"names the shape \(2, -1\); a dimension must not be negative"),
    ("dim: 65536 dim: 32768", rf"of {2**31} elements; a blob holds at most {2**31 - 1}"),
])
def test_shapes_are_read_or_refused(dims, said):
    text = f'layer {{ name: "l" type: "Parameter" top: "y" parameter_param {{ shape {{ {dims} }} }} }}'
    spec = read_net_text(text).layers[0]
    shape = spec.message.parameter_param.shape
    if said is None:
        assert read_shape(spec, shape, *PATH) == tuple(shape.dim)
        return
    with pytest.raises(SpecError, match=said) as error:
        read_shape(spec, shape, *PATH)
    assert error.value.problems[0].span.text.startswith("shape {")


def test_the_largest_blob_is_allowed():
    spec = read_net_text('layer { name: "l" type: "Parameter" top: "y" }').layers[0]
    assert check_shape(spec, [MOST_ELEMENTS]) == (MOST_ELEMENTS,)


def test_a_shape_is_written_with_an_x_between_its_sizes():
    assert [shape_text(shape) for shape in ((64, 1, 28, 27), (5,), ())] == ["64x1x28x27", "5", "1"]
