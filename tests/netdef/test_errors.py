"""Errors: their text, order and collection."""

from __future__ import annotations

import pytest

from netdef.errors import Note, Problem, Problems, SpecError, among, did_you_mean, first_line, printable, shorten, warn_at
from netdef.source import Source, Span

SOURCE = Source("n", "name: 5\nlayer { top: 3 }\n")
NAME, TOP = Span(SOURCE, 6, 7), Span(SOURCE, 21, 22)


def test_a_problem_shows_its_place_and_those_of_its_notes():
    problem = Problem("wrong", NAME, (Note("because of this", TOP), Note("and of nothing in the text")))
    assert str(problem) == (
        "n:1:7: wrong\n"
        "    1 | name: 5\n"
        "      |       ^\n"
        "   note: n:2:14: because of this\n"
        "   note: and of nothing in the text"
    )
    assert str(Problem("wrong")) == "wrong"


def test_names_with_control_characters_are_shown_escaped():
    problem = Problem("reads `D:\new\x1b[2J`,\nand more", None, (Note("as `a\tb` says"),))
    assert str(problem) == "reads `D:\\new\\x1b[2J`,\nand more\n   note: as `a\\tb` says"


def test_problems_are_listed_once_in_the_order_of_the_text():
    last, first, nowhere = Problem("last", TOP), Problem("first", NAME), Problem("nowhere")
    error = SpecError([last, first, last, nowhere])
    assert error.problems == [nowhere, first, last]
    assert str(error).endswith("\n3 problems in n") and str(SpecError([nowhere])) == "nowhere\n1 problem"


def test_problems_at_the_same_place_are_added_once():
    problems = Problems()
    problems.add("wrong", NAME)
    problems.add_new([Problem("wrong in the TEST net, too", NAME), Problem("more", TOP), Problem("no place")])
    problems.add_new([Problem("no place")])
    assert [problem.message for problem in problems] == ["wrong", "more", "no place"]


def test_problems_are_raised_with_their_cause():
    Problems().raise_any()
    problems, cause = Problems([Problem("wrong")]), ValueError("why")
    with pytest.raises(SpecError) as raised:
        problems.raise_any(cause)
    assert raised.value.__cause__ is cause and raised.value.problems == problems


@pytest.mark.parametrize(("name", "hint"), [
    ("num_outputs", "; did you mean `num_output`?"), ("NUM_OUTPUT", "; did you mean `num_output`?"), ("zzz", "")])
def test_a_hint_is_the_nearest_name(name, hint):
    assert did_you_mean(name, ["kernel_size", "num_output"]) == hint


def test_texts_are_shortened_to_one_line():
    assert shorten("a  b\n\tc") == "a b c" and shorten("x" * 41) == "x" * 37 + "..." and shorten("x" * 40) == "x" * 40
    assert first_line(ValueError("\none\ntwo")) == "one" and first_line(ValueError()) == "ValueError"


def test_control_characters_and_bytes_that_are_no_text_are_escaped():
    assert printable("é a\x1b[2J\n\tb\udce9\u2028") == r"é a\x1b[2J\n\tb\udce9\u2028"
    assert printable("a\n\tb\r", keep="\n\t") == "a\n\tb\\r"


def test_a_common_ending_makes_no_names_near():
    known = ["loss_param", "crop_param", "pooling_param", "name"]
    assert did_you_mean("lstm_param", known) == did_you_mean("proposal_param", known) == ""
    assert did_you_mean("poling_param", known) == "; did you mean `pooling_param`?"
    assert did_you_mean("nmae", known) == "; did you mean `name`?"


def test_a_warning_begins_with_its_place_if_it_has_one():
    with pytest.warns(UserWarning) as told:
        warn_at(Span(Source("net", "a\n b"), 3, 4), "odd")
        warn_at(None, "odd")
    assert [str(warning.message) for warning in told] == ["net:2:2: odd", "odd"]


def test_known_names_are_listed_behind_the_nearest():
    assert among("acuracy", ["accuracy", "loss"], "it has") == "; did you mean `accuracy`? It has accuracy, loss"
    assert among("x", ["accuracy", "loss", "loss"], "it has") == "; it has accuracy, loss"
    assert among("x", [], "it has") == "; it has none"
