"""What the text format admits, and the tree it makes. Its complaints are in tests/netdef/definition/test_complaints.py."""

import pytest

from netdef.errors import SpecError
from netdef.source import Source
from netdef.text.parse import MAX_DEPTH, MAX_PROBLEMS, parse
from netdef.text.tree import Block, Identifier, Number, String


def tree(text):
    """The tree as nested lists of (name, value)."""

    def plain(block):
        return [
            (f.name, plain(f.value) if isinstance(f.value, Block) else f.value and f.value.value) for f in block.fields
        ]

    return plain(parse(Source("t", text)))


@pytest.mark.parametrize(
    "text, expected",
    [
        ("", []),
        ("  # nothing\n\n", []),
        ("# nothing, and no line end", []),
        ("a: 1", [("a", "1")]),
        ("a:1 b:2\nc:\n\n3", [("a", "1"), ("b", "2"), ("c", "3")]),
        ("a: 1, b: 2; c: 3", [("a", "1"), ("b", "2"), ("c", "3")]),
        ("a: 1# one\n# two\nb # three\n: # four\n 2", [("a", "1"), ("b", "2")]),
        ("a { b: 1 }", [("a", [("b", "1")])]),
        ("a: { b: 1 }", [("a", [("b", "1")])]),
        ("a <b: 1>", [("a", [("b", "1")])]),
        ("a: <b { c: 1 }>, d: 2", [("a", [("b", [("c", "1")])]), ("d", "2")]),
        ("a {}\nb{};", [("a", []), ("b", [])]),
        ("a: [1, 2 ,3]", [("a", "1"), ("a", "2"), ("a", "3")]),
        ("a: [] b: [X]", [("a", None), ("b", "X")]),
        ("a: ['x' \"y\", 'z']", [("a", b"xy"), ("a", b"z")]),
        ("a [{b: 1}, <c: 2>] d: 3", [("a", [("b", "1")]), ("a", [("c", "2")]), ("d", "3")]),
        ("a: [ { b: [ {}, {} ] } ];", [("a", [("b", []), ("b", [])])]),
        ("a: 'x' # and\n \"y\"\n'z'", [("a", b"xyz")]),
        ("a: '\"' b: \"'\"", [("a", b'"'), ("b", b"'")]),
        ("a: '# no comment' b: '{'", [("a", b"# no comment"), ("b", b"{")]),
        ("a: -1 b: - 2 c: -inf d: - nan", [("a", "-1"), ("b", "-2"), ("c", "-inf"), ("d", "-nan")]),
        (
            "a: 1.5f b: .5 c: 1e-5 d: 0x1F e: 017",
            [("a", "1.5f"), ("b", ".5"), ("c", "1e-5"), ("d", "0x1F"), ("e", "017")],
        ),
        ("a: MAX b: inf", [("a", "MAX"), ("b", "inf")]),
        ("a: 1\r\nb: 2\r\n", [("a", "1"), ("b", "2")]),
        ("\ta:\t1", [("a", "1")]),
    ],
)
def test_admits(text, expected):
    assert tree(text) == expected


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


def test_spans_hold_behind_a_mistake():
    with pytest.raises(SpecError) as caught:
        parse(Source("t", "a = 1\nb: 'x\n  c { d 1 }"))
    assert [str(p.span) for p in caught.value.problems] == ["t:1:3", "t:2:4", "t:3:9"]


def test_the_deepest_nesting_is_read_and_one_more_is_a_problem():
    parse(Source("t", "a {" * MAX_DEPTH + "}" * MAX_DEPTH))
    for depth in (MAX_DEPTH + 1, 100_000):
        with pytest.raises(SpecError, match=f"nested more than {MAX_DEPTH} deep") as caught:
            parse(Source("t", "a {\n" * depth))
        assert [str(p.span) for p in caught.value.problems] == [f"t:{MAX_DEPTH + 1}:3"]


def test_a_text_of_another_kind_does_not_fill_the_screen():
    with pytest.raises(SpecError) as caught:
        parse(Source("t", "<p>hello world</p>\n" * 1000))
    assert len(caught.value.problems) == MAX_PROBLEMS


@pytest.mark.parametrize(
    "text", ["a: " + "#" * 50_000 + "\n?", "a:" + " " * 50_000 + "}", "a: 1" + " #" * 50_000, "a [" * 99]
)
def test_hostile_texts_are_refused_quickly(text):
    """Comments and blanks are part of every token; a badly written pattern needs exponential or quadratic time."""
    try:
        parse(Source("t", text))
    except SpecError as error:
        assert 1 <= len(error.problems) <= MAX_PROBLEMS
