"""Text to tree: brackets are matched, and what breaks the grammar is told in words with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyparsing as pp

from netdef.errors import Note, Problems
from netdef.source import Source, Span
from netdef.text import grammar
from netdef.text.strings import unescape
from netdef.text.tree import Block, Field, Scalar

MAX_DEPTH = 100  # as protobuf's own limit; Caffe's messages nest six deep
MAX_PROBLEMS = 20  # a text that is something else altogether would fill the screen
_CLOSES = {"{": "}", "<": ">", "[": "]"}


def parse(source: Source) -> Block:
    """The tree of a text in protobuf's text format.

    Raises `SpecError` with every mistake of syntax, at most `MAX_PROBLEMS`.
    """
    builder = _Builder(source)
    builder.run()
    builder.problems.raise_any()
    return builder.block()


class _Stop(Exception):
    """Nothing behind this place is worth reading."""


class _Frame:
    """A block, or a list of blocks, that is not closed yet."""

    __slots__ = ("comma", "fields", "listed", "name", "opening")

    def __init__(self, name: Span | None, opening: Span, listed: bool = False):
        self.name, self.opening, self.listed = name, opening, listed
        self.fields: list[Field] = []
        self.comma = True  # a list may take a block now

    @property
    def is_list(self) -> bool:
        return self.opening.text == "["


class _Builder:
    def __init__(self, source: Source):
        self.source = source
        self.problems = Problems()
        self.base = 0  # offset in the source of the piece that the grammar reads
        self.stack = [_Frame(None, Span(source, 0, 0))]
        self.misfit: tuple[_Frame, Span] | None = None  # the first block that a less indented brace closes

    def run(self) -> None:
        document = grammar.document(self.field, self.element, self.closing)
        text = self.source.text
        try:
            while True:
                try:
                    document.parse_string(text[self.base :], parse_all=True)
                    break
                except pp.ParseBaseException as error:
                    self.base = self.mend(self.base + error.loc, error.msg.removeprefix("Expected "))
            if len(self.stack) > 1:
                self.ends(f"`{_CLOSES[self.stack[-1].opening.text]}`")
        except _Stop:
            pass

    def block(self) -> Block:
        fields = tuple(self.stack[0].fields)
        start, end = (fields[0].span.start, fields[-1].span.end) if fields else (0, len(self.source.text))
        return Block(fields, Span(self.source, start, end))

    # The statements of the grammar.

    def field(self, tokens: Sequence[re.Match]) -> None:
        name, value, *items = tokens
        frame = self.stack[-1]
        if frame.is_list:
            self.problem(
                "a list of blocks holds blocks only", self.span(name), Note("the list begins here", frame.opening)
            )
            frame.comma = False
        kind = value.lastgroup
        if kind in ("brace", "blocks"):
            self.push(_Frame(self.span(name), self.span(value)))
        elif kind == "list":
            name_span = self.span(name)
            if not items:
                frame.fields.append(Field(name["name"], name_span, None, name_span, True))
            for item in items:
                span = self.span(item)
                frame.fields.append(Field(name["name"], name_span, self.scalar(item, span), span, True))
        else:
            name_span, span = self.span(name), self.span(value)
            whole = Span(self.source, name_span.start, span.end)
            frame.fields.append(Field(name["name"], name_span, self.scalar(value, span), whole))

    def element(self, tokens: Sequence[re.Match]) -> None:
        frame, opening = self.stack[-1], self.span(tokens[0])
        if not frame.is_list:
            self.problem(f"found `{opening.text}`, wanted a field name before it", opening)
        elif not frame.comma:
            self.problem("found the next block of a list, wanted `,` before it", opening)
        frame.comma = False
        self.push(_Frame(frame.name, opening, True))

    def closing(self, tokens: Sequence[re.Match]) -> None:
        closing, comma = self.span(tokens[0]), len(tokens) > 1
        frame = self.stack[-1]
        if len(self.stack) == 1:
            self.problem(f"this `{closing.text}` closes nothing", closing)
            return
        wanted = _CLOSES[frame.opening.text]
        if closing.text != wanted:
            self.problem(
                f"found `{closing.text}`, wanted `{wanted}`",
                closing,
                Note(f"to close this `{frame.opening.text}`", frame.opening),
            )
        self.stack.pop()
        outer = self.stack[-1]
        if frame.is_list:
            if frame.comma and frame.fields:
                self.problem("found `]` after a comma, wanted one more block", closing)
            outer.fields.extend(frame.fields)
            return
        if frame.name is None:  # a block without a field; complained about where it began
            return
        start = frame.opening.start if frame.listed else frame.name.start
        block = Block(tuple(frame.fields), Span(self.source, frame.opening.start, closing.end))
        outer.fields.append(
            Field(frame.name.text, frame.name, block, Span(self.source, start, closing.end), frame.listed)
        )
        outer.comma = comma
        if self.misfit is None and self.indent(closing) < self.indent(frame.name):
            self.misfit = (frame, closing)

    # Their parts.

    def span(self, token: re.Match) -> Span:
        return Span(self.source, self.base + token.start(token.lastgroup), self.base + token.end(token.lastgroup))

    def scalar(self, token: re.Match, span: Span) -> Scalar:
        kind = token.lastgroup
        text = token[kind]
        if kind == "string":
            return Scalar(kind, self.string(text, span), span)
        if kind == "number" and text[0] in "+-":
            text = text[0] + text[1:].lstrip()
        return Scalar(kind, text, span)

    def string(self, text: str, span: Span) -> bytes:
        """The bytes of adjacent literals."""
        if "\ufffd" in text:
            self.problem("the string holds bytes that are not UTF-8", span)
        parts = []
        for literal in grammar.STRING.finditer(text):
            start = span.start + literal.start() + 1

            def complain(message: str, begin: int, end: int, start: int = start) -> None:
                self.problem(message, Span(self.source, start + begin, start + end))

            parts.append(unescape(literal[0][1:-1], complain))
        return b"".join(parts)

    def push(self, frame: _Frame) -> None:
        self.stack.append(frame)
        if len(self.stack) > MAX_DEPTH + 1:
            self.problem(f"blocks are nested more than {MAX_DEPTH} deep", frame.opening)
            raise _Stop

    def indent(self, span: Span) -> int:
        """How far the line of a span is indented."""
        text = self.source.text
        line = text[text.rfind("\n", 0, span.start) + 1 : span.end].expandtabs()
        return len(line) - len(line.lstrip())

    # What is wrong.

    def problem(self, message: str, span: Span, *notes: Note) -> None:
        self.problems.add(message, span, *notes)
        if len(self.problems) == MAX_PROBLEMS:
            raise _Stop

    def mend(self, place: int, wanted: str) -> int:
        """Complain about the text at the place where the grammar broke; returns where reading goes on."""
        text, source = self.source.text, self.source
        before = grammar.BEFORE.search(text, max(self.base, place - 1000), place)
        if place >= len(text):
            self.ends(f"{wanted} for `{before['name']}`" if before and before["colon"] else wanted)
        word = grammar.WORD.match(text, place)
        if word[0][0] in "\"'" and not grammar.STRING.fullmatch(word[0]):
            line_end = text.find("\n", place) % (len(text) + 1)  # -1, not found, is the end
            self.problem(
                f"the string that begins here has no closing {word[0][0]} in its line", Span(source, place, line_end)
            )
            return line_end
        span, found = Span(source, place, word.end()), f"`{shorten(word[0])}`"
        if wanted == "end of text":
            braces = {"{": " or `}`", "<": " or `>`", "[": " or `]`"}
            self.problem(f"found {found}, wanted a field name{braces.get(self.stack[-1].opening.text, '')}", span)
        elif before is None:
            self.problem(f"found {found}, wanted {wanted}", span)
        else:
            name = Span(source, before.start(), before.start() + len(before["name"]))
            message = f"found {found} after `{name.text}{before['colon']}`, wanted {wanted}"
            self.problem(message, name if "\n" in text[name.end : place] else span)
        return self.resume(place, word.end(), wanted in grammar.LIST_WANTS)

    def resume(self, place: int, behind: int, in_list: bool) -> int:
        """Where reading goes on: behind the list of scalars that the mistake is in, if it ends in this line; or else
        where the next statement begins, at the place of the mistake or behind the word that is wrong.
        """
        text = self.source.text
        if in_list and (rest := re.compile(r"[^\n\]]*\]").match(text, place)):
            return rest.end()
        here = grammar.RESUME.match(text, place)
        if here and here["resume"]:
            return place
        for match in grammar.RESUME.finditer(text, behind):
            if match["resume"]:
                return match.start()
        return len(text)

    def ends(self, wanted: str) -> None:
        """Complain that the text ends too early."""
        text = self.source.text
        end = max((m.end() for m in grammar.ANY_WORD.finditer(text) if not m["comment"]), default=1)
        notes = []
        if len(self.stack) > 1:
            frame = self.stack[-1]
            notes.append(Note(f"this `{frame.opening.text}` is not closed", frame.opening))
        if self.misfit:
            block, closing = self.misfit
            notes.append(Note(f"this closes `{block.name.text}`, from its indent it was meant for another", closing))
        self.problem(f"the text ends, wanted {wanted}", Span(self.source, end - 1, end), *notes)
        raise _Stop


def shorten(text: str, width: int = 40) -> str:
    """The text in one line of limited length, for messages."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 3] + "..."
