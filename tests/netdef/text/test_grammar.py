"""The statements that the grammar finds."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyparsing as pp
import pytest

from netdef.errors import SpecError
from netdef.source import Source
from netdef.text.grammar import document
from netdef.text.parse import MAX_PROBLEMS, parse


def statements(text: str) -> list[tuple[str, list[str | None]]]:
    """Each statement's kind, and the groups that its tokens matched."""
    found: list[tuple[str, list[str | None]]] = []

    def note(kind: str):
        def action(tokens: Sequence[re.Match[str]]) -> None:
            found.append((kind, [token.lastgroup for token in tokens]))

        return action

    document(note("field"), note("element"), note("closing")).parse_string(text, parse_all=True)
    return found


def test_statements_are_found():
    assert statements("a: 1 # one\nb { c: [X, 'y'] }, d: [ { } ]") == [
        ("field", ["number"]), ("field", ["brace"]),
        ("field", ["name", "list", "identifier", "string"]), ("closing", ["comma"]),
        ("field", ["name", "blocks"]), ("element", ["brace"]), ("closing", ["closing"]), ("closing", ["closing"]),
    ]


def test_a_syntax_error_has_a_place_and_the_expected_token():
    with pytest.raises(pp.ParseBaseException) as caught:
        statements("a: 1 b: }")
    assert (caught.value.loc, caught.value.msg) == (8, "Expected a value")


@pytest.mark.parametrize(
    "text", ["a: " + "#" * 50_000 + "\n?", "a:" + " " * 50_000 + "}", "a: 1" + " #" * 50_000, "a [" * 99]
)
def test_hostile_texts_are_refused_quickly(text):
    """Comments and blanks are part of every token; a badly written pattern needs exponential or quadratic time."""
    try:
        parse(Source("t", text))
    except SpecError as error:
        assert 1 <= len(error.problems) <= MAX_PROBLEMS
