"""Fields at the places of others."""

from __future__ import annotations

from netdef.schema.rewriter import number, part, value_of, word, word_of
from netdef.source import Source
from netdef.text.parse import parse
from netdef.text.tree import Block


def fields(text: str):
    return parse(Source("t", text)).fields


def test_a_made_field_has_the_place_of_another():
    (old,) = fields("old: 7")
    made = part(old, "new_param", [number(old, "size", 3.0), number(old, "rate", 0.25), word(old, "kind", "MAX")])
    assert isinstance(made.value, Block) and made.name == "new_param" and made.span is old.span
    assert [(f.name, f.value.value, f.span.text) for f in made.value.fields] == [
        ("size", "3", "old: 7"), ("rate", "0.25", "old: 7"), ("kind", "MAX", "old: 7")]


def test_values_of_fields():
    some = fields('a: 2.5f b: "text" c: WORD d { }')
    assert value_of(some, "a", 1) == 2.5 and value_of(some, "b", 1) == 1 and value_of(some, "x", 4) == 4
    assert word_of(some, "b") == b"text" and word_of(some, "c") == "WORD" and word_of(some, "a") is None
