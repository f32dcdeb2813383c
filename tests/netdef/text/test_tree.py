"""The nodes of trees and their places."""

from __future__ import annotations

import pytest

from netdef.source import Source
from netdef.text.parse import parse
from netdef.text.tree import Identifier, Number, String


@pytest.mark.parametrize(
    "text, kind", [("a: 'x'", String), ("a: -inf", Number), ("a: inf", Identifier), ("a: 7", Number)]
)
def test_kinds_of_scalars(text, kind):
    assert isinstance(parse(Source("t", text)).fields[0].value, kind)


def test_spans_cover_name_value_and_field():
    text = "\tx: 1\n  layer { name: 'a' # why\n 'b' }\nk: [3, 44]"
    x, layer, first, second = parse(Source("t", text)).fields
    assert (x.name_span.text, x.value.span.text, x.span.text) == ("x", "1", "x: 1")
    assert str(x.span) == "t:1:2"
    assert layer.name_span.text == "layer"
    assert layer.span.text == "layer { name: 'a' # why\n 'b' }"
    assert layer.value.span.text == "{ name: 'a' # why\n 'b' }"
    assert layer.value.fields[0].value.span.text == "'a' # why\n 'b'"
    assert str(layer.value.fields[0].span) == "t:2:11"
    assert [f.span.text for f in (first, second)] == ["3", "44"]
    assert first.listed and not x.listed
