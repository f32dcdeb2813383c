"""Syntax errors: where they are, and where reading goes on."""

from __future__ import annotations

import pytest

from netdef.errors import SpecError
from netdef.source import Source
from netdef.text.parse import parse
from netdef.text.syntax_errors import end_of_words, syntax_mistake


def test_places_after_a_mistake_are_right():
    with pytest.raises(SpecError) as caught:
        parse(Source("t", "a = 1\nb: 'x\n  c { d 1 }"))
    assert [str(p.span) for p in caught.value.problems] == ["t:1:3", "t:2:4", "t:3:9"]


@pytest.mark.parametrize(("text", "at", "wanted", "message", "rest"), [
    ("a = 1\nb: 2", "=", "`:` or `{`", "found `=` after `a`, wanted `:` or `{`", "b: 2"),
    ("a: [1 2] b: 3", "2", "`,` or `]`", "found `2`, wanted `,` or `]`", " b: 3"),
    ("a: 'x\nb: 2", "'", "a value", "the string that begins here has no closing ' in its line", "\nb: 2"),
    ("a: ${N} b: 2", "$", "a value", "found the placeholder `${N}` of a template after `a:`; write the value itself, as the "
     "script that goes with the template does", " b: 2"),
    ("a: $#N#$ # b\nb: 2", "$", "a value", "found the placeholder `$#N#$` of a template after `a:`; write the value itself, as "
     "the script that goes with the template does", " # b\nb: 2"),
    ("// a\n", "//", "a field name", "found `//`, wanted a field name; a comment begins with #", ""),
    ("a { /* b */ }", "/*", "end of text", "found `/*`, wanted a field name or `}`; a comment begins with #", "}"),
    ("a { = }", "=", "end of text", "found `=`, wanted a field name or `}`", "}"),
])
def test_reading_goes_on_after_a_mistake(text, at, wanted, message, rest):
    place = text.index(at)
    mistake = syntax_mistake(Source("t", text), 0, place, wanted, "{")
    assert mistake.message == message and mistake.span.start == place
    assert text[mistake.resume :] == rest


MERGED = """a: 1
<<<<<<< HEAD
b: 2
=======
b: 3
>>>>>>> other
c: 4
"""


@pytest.mark.parametrize("text, place", [
    (MERGED, "t:2:1"),
    (MERGED.replace("\n", "\r\n"), "t:2:1"),
    ("layer {\n" + MERGED + "}", "t:3:1"),
    ("<<<<<<< HEAD\n" + MERGED, "t:1:1"),
])
def test_the_marks_of_an_unfinished_merge_are_one_problem(text, place):
    with pytest.raises(SpecError) as caught:
        parse(Source("t", text))
    problem, = caught.value.problems
    last = text[: text.index(">>>>>>>")].count("\n") + 1
    assert str(problem.span) == place and problem.message == (
        f"the marks of an unfinished merge begin here and end in line {last}; keep one side of each and delete the marks")


def test_a_line_of_signs_is_no_mark_of_a_merge():
    with pytest.raises(SpecError) as caught:
        parse(Source("t", "a: 1\n=======\nb: 2\n"))
    assert str(caught.value.problems[0].span) == "t:2:1" and caught.value.problems[0].message.startswith("found `=======`")


@pytest.mark.parametrize("text", ["# x\n#<<<<<<< HEAD\na: 1", "a <b <c <d <e <f <g <h: 1\n>>>>>>> i: 2"])
def test_what_looks_like_a_mark_in_a_right_text_is_read(text):
    parse(Source("t", text))


def test_comments_are_no_words():
    assert end_of_words("a: 1 # two\n#three") == 4 and end_of_words("  ") == 1
