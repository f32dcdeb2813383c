"""Describe a syntax error, and find where to go on reading after it."""

from __future__ import annotations

import re
from typing import NamedTuple

from netdef.errors import Problem, shorten
from netdef.source import Source, Span
from netdef.text import grammar

_REST_OF_LIST = re.compile(r"[^\n\]]*\]")
_PLACEHOLDER = re.compile(r"\$(?:\{\w+\}|\(\w+\)|#\w+#\$|\w+\$?)")  # ${NAME}, $(NAME), $#NAME#$, $NAME, $NAME$
_MERGE_MARK = re.compile(r"(?m)^(?:<{7}|={7}|>{7})(?:[ \r].*)?$")
_OR_CLOSING = {"{": " or `}`", "<": " or `>`", "[": " or `]`"}


class SyntaxMistake(NamedTuple):
    """The message of a syntax error, its place, and the offset at which reading continues."""

    message: str
    span: Span
    resume: int


def syntax_mistake(source: Source, start: int, place: int, wanted: str, opening: str) -> SyntaxMistake:
    """The mistake at ``place``, where something else than ``wanted`` stands.

    ``start`` is where the statements begin that may explain it; ``opening`` the bracket of the block that it is in.
    """
    text = source.text
    word = grammar.WORD.match(text, place)
    assert word is not None  # any character begins a word
    if word[0][0] in "\"'" and not grammar.STRING.fullmatch(word[0]):
        line_end = text.find("\n", place) % (len(text) + 1)  # -1, not found, is the end
        message = f"the string that begins here has no closing {word[0][0]} in its line"
        return SyntaxMistake(message, Span(source, place, line_end), line_end)
    comment = "; a comment begins with #" if word[0].startswith(("//", "/*")) else ""
    before = field_before(text, start, place)
    if before is not None and (placeholder := _PLACEHOLDER.match(text, place)):
        message = (f"found the placeholder `{placeholder[0]}` of a template after `{before['name']}{before['colon']}`; write "
                   "the value itself, as the script that goes with the template does")
        return SyntaxMistake(message, Span(source, place, placeholder.end()), placeholder.end())
    span, found = Span(source, place, word.end()), f"`{shorten(word[0])}`"
    if wanted == "end of text":
        message = f"found {found}, wanted a field name{_OR_CLOSING.get(opening, '')}"
    elif before is None:
        message = f"found {found}, wanted {wanted}"
    else:
        name = Span(source, before.start(), before.start() + len(before["name"]))
        message = f"found {found} after `{name.text}{before['colon']}`, wanted {wanted}"
        if "\n" in text[name.end : place]:
            span = name
    return SyntaxMistake(message + comment, span, _resume(text, place, word.end(), wanted in grammar.LIST_WANTS))


def unfinished_merge(source: Source) -> Problem | None:
    """The problem of a text that still has the marks of a merge, with the place of the first; None without marks."""
    marks = list(_MERGE_MARK.finditer(source.text))
    if all(mark[0].startswith("=") for mark in marks):  # a line of signs alone
        return None
    last = source.text.count("\n", 0, marks[-1].start()) + 1
    message = f"the marks of an unfinished merge begin here and end in line {last}; keep one side of each and delete the marks"
    return Problem(message, Span(source, *marks[0].span()))


def field_before(text: str, start: int, place: int) -> re.Match[str] | None:
    """The field directly before ``place``, whose value is missing: groups ``name`` and ``colon``."""
    return grammar.BEFORE.search(text, max(start, place - 1000), place)


def end_of_words(text: str) -> int:
    """The end of the last word that is no comment; 1 without words."""
    return max((m.end() for m in grammar.ANY_WORD.finditer(text) if not m["comment"]), default=1)


def _resume(text: str, place: int, behind: int, in_list: bool) -> int:
    """The offset at which reading continues.

    It is the end of the list of scalars that the mistake is in, if that is in the line; else the next statement, at the
    mistake's place or behind its first word.
    """
    if in_list and (rest := _REST_OF_LIST.match(text, place)):
        return rest.end()
    here = grammar.RESUME.match(text, place)
    if here and here["resume"]:
        return place
    for match in grammar.RESUME.finditer(text, behind):
        if match["resume"]:
            return match.start()
    return len(text)
