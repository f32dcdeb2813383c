"""Places in a text and how they are shown."""

from __future__ import annotations

from netdef.source import Source, Span


def span(text: str, part: str) -> Span:
    start = text.index(part)
    return Span(Source("f", text), start, start + len(part))


def test_line_and_column_count_from_1_and_a_tab_is_one_column():
    text = "one\n\ttwo three\n"
    assert str(span(text, "one")) == "f:1:1"
    assert str(span(text, "three")) == "f:2:6"
    assert Source("f", text).position(len(text)) == (3, 1)


def test_the_caret_stands_under_its_characters():
    assert span("a\n\tb: 12\nc", "12").excerpt() == "    2 | \tb: 12\n      | \t   ^~"


def test_line_ends_of_windows_are_not_shown():
    assert span("a\r\nb\r\n", "b").excerpt() == "    2 | b\n      | ^"


def test_a_span_over_lines_is_marked_to_the_end_of_its_first():
    assert span("x { y: 1\n z: 2 }", "y: 1\n z").excerpt() == "    1 | x { y: 1\n      |     ^~~~"


def test_a_long_line_is_shown_around_the_caret():
    shown = span("x" * 5000 + "HERE" + "y" * 5000, "HERE").excerpt().splitlines()
    assert all(len(line) < 180 for line in shown)
    assert shown[0][shown[1].index("^") :].startswith("HERE")


def test_control_characters_do_not_reach_the_terminal():
    assert "\x1b" not in span("a \x1b[31m b", "b").excerpt()


def test_a_place_at_the_end_of_the_text():
    assert Span(Source("f", "ab"), 2, 2).excerpt() == "    1 | ab\n      |   ^"
