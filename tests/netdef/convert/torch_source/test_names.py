"""Names of Python for names of a net."""

from __future__ import annotations

import keyword

import pytest

from netdef.convert.torch_source.names import Names, class_name


@pytest.mark.parametrize("text, name", [
    ("conv1/7x7_s2", "conv1_7x7_s2"), ("1st", "x_1st"), ("_private", "x_private"), ("größe", "größe"), ("", "x_"),
    ("class", "class_"), ("self", "self_"), ("torch", "torch_"), ("print", "print_"),
])
def test_variables_are_valid_names(text: str, name: str):
    assert Names.of_variables().new(text) == name
    assert name.isidentifier() and not keyword.iskeyword(name)


def test_names_are_unique():
    names = Names.of_variables()
    assert [names.new(text) for text in ("a.b", "a/b", "a b", "a_b")] == ["a_b", "a_b_", "a_b__", "a_b___"]


def test_attributes_leave_room_for_the_members_of_a_layer():
    names = Names.of_attributes()
    assert names.new("bn") == "bn" and names.new("bn_scale") == "bn_scale_"
    assert names.new("ip_bias") == "ip_bias" and names.new("ip") == "ip_"
    assert names.new("forward") == "forward_" and names.new("weight") == "weight"


@pytest.mark.parametrize("text, name", [
    ("LeNet", "LeNet"), ("bvlc alex-net.v2", "BvlcAlexNetV2"), ("", "Net"), ("3d", "Net3d"), ('"\n', "Net"),
])
def test_class_names_are_valid(text: str, name: str):
    assert class_name(text) == name
