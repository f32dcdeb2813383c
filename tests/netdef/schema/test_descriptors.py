"""Helpers for descriptors."""

from __future__ import annotations

from netdef.schema.descriptors import descriptor_of, enum_type, is_repeated, is_required, message_type
from netdef.schema.messages import ClipParameter, LayerParameter


def test_the_descriptor_of_a_message_and_its_class():
    assert descriptor_of(LayerParameter) is descriptor_of(LayerParameter(name="a"))
    assert descriptor_of(LayerParameter).name == "LayerParameter"


def test_facts_of_a_field():
    fields = descriptor_of(LayerParameter).fields_by_name
    assert message_type(fields["param"]).name == "ParamSpec" and enum_type(fields["phase"]).name == "Phase"
    assert is_repeated(fields["param"]) and not is_repeated(fields["phase"])
    assert is_required(descriptor_of(ClipParameter).fields_by_name["min"]) and not is_required(fields["phase"])
