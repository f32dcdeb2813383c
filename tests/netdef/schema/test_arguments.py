"""Arguments of a call as a tree."""

from __future__ import annotations

from netdef.schema.arguments import call_tree
from netdef.schema.messages import LayerParameter
from netdef.text.tree import Block, Field, Identifier, String


def tree(own: str | None = "convolution_param", **arguments) -> Block:
    return call_tree("Convolution", arguments, LayerParameter.DESCRIPTOR, own)


def names(block: Block) -> list[str]:
    return [field.name for field in block.fields]


def test_errors_point_into_the_call():
    (param,) = tree(num_output=20, weight_filler=dict(std=-0.5)).fields
    number, filler = param.value.fields
    assert number.span.source.text == "L.Convolution(num_output=20, weight_filler=dict(std=-0.5))"
    assert (number.name_span.text, number.value.span.text, number.span.text) == ("num_output", "20", "num_output=20")
    (std,) = filler.value.fields
    assert std.value.span.text == std.value.value == "-0.5" and str(std.name_span) == "<call>:1:49"


def test_fields_of_the_own_message_and_of_the_layer():
    block = tree(num_output=20, loss_weight=1, param=dict(lr_mult=1), convolution_param=dict(group=2), nonsense=1)
    assert names(block) == ["loss_weight", "param", "convolution_param"]
    assert names(block.fields[2].value) == ["num_output", "nonsense", "group"]
    assert names(tree(own=None, num_output=20, loss_weight=1)) == ["num_output", "loss_weight"]


def test_a_list_is_one_field_for_each_item():
    fields = tree(own=None, param=[dict(lr_mult=1), dict(lr_mult=2)]).fields
    assert [(f.name, f.listed, isinstance(f.value, Block)) for f in fields] == [("param", True, True)] * 2
    assert isinstance(fields[0], Field) and tree(own=None, param=[]).fields == ()


def test_words_are_strings_or_enum_values():
    (param,) = call_tree(
        "Data", dict(source="a", backend="LMDB"), LayerParameter.DESCRIPTOR, "data_param").fields
    assert [type(f.value) for f in param.value.fields] == [String, Identifier]
