"""Input: shapes and errors."""

from __future__ import annotations

import pytest

import netdef
from netdef.errors import SpecError


def build(param: str):
    return netdef.loads(f'layer {{ name: "i" type: "Input" top: "a" top: "b" input_param {{ {param} }} }}')


def test_one_shape_for_all_or_one_each():
    assert build("shape { dim: 2 dim: 3 }").shapes == {"a": (2, 3), "b": (2, 3)}
    net = build("shape { dim: 2 dim: 3 } shape { }")
    assert net.shapes == {"a": (2, 3), "b": ()}
    assert net.inputs == ["a", "b"] and net.outputs == ["a", "b"]


@pytest.mark.parametrize("param, words", [
    ("", "has no shape for `a`, `b`; give each one"),
    ("shape {} shape {} shape {}", "has 2 tops and 3 shapes"),
    ("shape { dim: 2 dim: -3 }", r"names the shape \(2, -3\); a dimension must not be negative"),
    ("shape { dim: 65536 dim: 65536 }", "of 4294967296 elements; a blob holds at most 2147483647"),
])
def test_bad_shapes_are_refused(param, words):
    with pytest.raises(SpecError, match=words):
        build(param)
