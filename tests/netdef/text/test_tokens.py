"""The regular expressions of the text format."""

import pytest

from netdef.text.tokens import ANY_WORD, BLANKS, STRING, USUAL


@pytest.mark.parametrize(
    "text, kind, groups",
    [
        ("a: 1 # one\n\n", "number", {"name": "a", "number": "1"}),
        ("a # one\n:# two\n- 2.5f;", "number", {"name": "a", "number": "- 2.5f"}),
        ("b_2:'x\\'' # and\n\"y\" , ", "string", {"name": "b_2", "string": "'x\\'' # and\n\"y\""}),
        ("c: MAX\t", "identifier", {"name": "c", "identifier": "MAX"}),
        ("d { ", "brace", {"name": "d", "brace": "{"}),
        ("d: <", "brace", {"name": "d", "brace": "<"}),
        ("}\n", "closing", {"closing": "}"}),
        ("] # last\n ,", "comma", {"closing": "]", "comma": ","}),
    ],
)
def test_a_usual_statement_is_one_token_with_the_blanks_after_it(text, kind, groups):
    token = USUAL.match(text + "next")
    assert token and (token.end(), token.lastgroup) == (len(text), kind)
    assert {name: found for name, found in token.groupdict().items() if found} == groups


@pytest.mark.parametrize("text", ["a: [1]", "a [{", "a: b: 1", "a: b {", "a: ", "a: }", "a 1", "{", "1", ", a: 1", " a: 1"])
def test_other_statements_are_not_usual(text):
    assert not USUAL.match(text)


def test_strings_end_at_their_own_quote_in_their_line():
    assert STRING.findall(r"""'a"b' "c'd" "e\"f" 'g""" + "\n'") == ["'a\"b'", '"c\'d"', r'"e\"f"']


def test_blanks_are_white_space_and_comments():
    text = " \t# one\n\n## two # three\n  a"
    blanks = BLANKS.match(text)
    assert blanks and blanks.end() == len(text) - 1


def test_words_are_told_from_comments():
    assert [m["comment"] for m in ANY_WORD.finditer("'#' # x")] == [None, "# x"]
