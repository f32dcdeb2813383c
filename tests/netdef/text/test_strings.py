"""Escapes of string literals, both ways."""

import pytest

from netdef.text.strings import quote, unescape


def complain(message, start, end):
    raise AssertionError(message)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("plain", b"plain"),
        (r"\a\b\f\n\r\t\v", b"\x07\x08\x0c\n\r\t\x0b"),
        (r"\\ \' \" \?", b"\\ ' \" ?"),
        (r"\0\12\1234", b"\x00\nS4"),
        (r"\x4\x41\X424", b"\x04AB4"),
        (r"\u00e9\U0001F600", "\u00e9\U0001f600".encode()),
        ("caf\u00e9", "caf\u00e9".encode()),
        (r"\377\xfe", b"\xff\xfe"),
    ],
)
def test_escapes_are_undone(text, expected):
    assert unescape(text, complain) == expected


@pytest.mark.parametrize(
    "text, place", [(r"ab\qcd", (2, 4)), (r"\x", (0, 2)), (r"\777", (0, 4)), (r"\ud800", (0, 6)), ("a\\", (1, 2))]
)
def test_unknown_escapes_are_errors_with_places(text, place):
    errors = []
    unescape(text, lambda message, start, end: errors.append((start, end)))
    assert errors == [place]


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"plain",
        b"a\nb\t\"c\" 'd' \\e",
        bytes(range(256)),
        b"\x017",
        "caf\u00e9 \u4e2d \U0001f600".encode(),
        b"\xff8",
        "\ufffd".encode(),
    ],
)
def test_quote_is_undone_by_unescape(value):
    literal = quote(value)
    assert literal[0] == literal[-1] == '"'
    assert "\n" not in literal
    assert unescape(literal[1:-1], complain) == value


def test_quote_keeps_readable_text():
    assert quote(b"conv1/3x3") == '"conv1/3x3"'
    assert quote("caf\u00e9".encode()) == '"caf\u00e9"'
