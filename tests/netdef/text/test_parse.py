"""Valid texts, and their trees. Errors: tests/netdef/definition/test_complaints.py."""

import gc

import pytest

from netdef.errors import SpecError
from netdef.garbage import without_collection
from netdef.source import Source
from netdef.text.parse import MAX_DEPTH, MAX_PROBLEMS, parse
from netdef.text.tree import Block, Field


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
def test_texts_become_trees(text, expected):
    assert tree(text) == expected


def test_the_deepest_nesting_is_read_and_a_deeper_one_is_an_error():
    parse(Source("t", "a {" * MAX_DEPTH + "}" * MAX_DEPTH))
    for depth in (MAX_DEPTH + 1, 100_000):
        with pytest.raises(SpecError, match=f"nested more than {MAX_DEPTH} deep") as caught:
            parse(Source("t", "a {\n" * depth))
        assert [str(p.span) for p in caught.value.problems] == [f"t:{MAX_DEPTH + 1}:3"]


def test_errors_of_a_text_in_another_language_are_limited():
    with pytest.raises(SpecError) as caught:
        parse(Source("t", "<p>hello world</p>\n" * 1000))
    assert len(caught.value.problems) == MAX_PROBLEMS


def test_a_tree_that_is_dropped_needs_no_garbage_collection():
    source = Source("t", "a { b: 1 }\nc: 2\n")
    with without_collection():
        assert len(parse(source).fields) == 2
        left = [one for one in gc.get_objects() if type(one) in (Block, Field) and one.span.source is source]
    assert left == []
