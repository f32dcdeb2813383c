"""Parse a text into a tree: match brackets, collect all syntax errors with their places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import NoReturn

import pyparsing as pp

from netdef.errors import Note, Problems, SpecError
from netdef.source import Source, Span
from netdef.text import grammar
from netdef.text.strings import unescape
from netdef.text.syntax_errors import end_of_words, field_before, syntax_mistake, unfinished_merge
from netdef.text.tree import Block, Field, Identifier, Number, Scalar, String

MAX_DEPTH = 100  # as protobuf's own limit; Caffe's messages nest six deep
MAX_PROBLEMS = 20  # a text in another language would fill the screen
_CLOSES = {"{": "}", "<": ">", "[": "]"}

Token = re.Match[str]


def parse(source: Source) -> Block:
    """The tree of a text in protobuf's text format.

    Raises `SpecError` with every syntax error, at most `MAX_PROBLEMS`.
    """
    builder = _TreeBuilder(source)
    builder.run()
    if builder.problems and (merge := unfinished_merge(source)):
        raise SpecError([merge])
    builder.problems.raise_any()
    return builder.block()


class _Stop(Exception):
    """Raised to stop reading."""


class _Frame:
    """A block, or a list of blocks, that is not closed yet. ``name`` is None for the text, and where it is missing."""

    __slots__ = ("comma", "fields", "listed", "name", "opening")

    def __init__(self, name: Span | None, opening: Span, listed: bool = False):
        self.name, self.opening, self.listed = name, opening, listed
        self.fields: list[Field] = []
        self.comma = True  # whether a list may take a block now

    @property
    def is_list(self) -> bool:
        return self.opening.text == "["


class _TreeBuilder:
    """Build the tree on a stack from the statements of the grammar, one by one."""

    def __init__(self, source: Source):
        self.source = source
        self.problems = Problems()
        self.base = 0  # offset in the source of the piece that the grammar reads
        self.stack = [_Frame(None, Span(source, 0, 0))]
        self.closed: list[tuple[Span, Span]] = []  # the names of blocks, and their closing braces

    def run(self) -> None:
        document = grammar.document(self.field, self.element, self.closing)
        text = self.source.text
        try:
            while True:
                try:
                    document.parse_string(text[self.base :], parse_all=True)
                    break
                except pp.ParseBaseException as error:
                    self.base = self.recover(self.base + error.loc, error.msg.removeprefix("Expected "))
            if len(self.stack) > 1:
                self.ends(f"`{_CLOSES[self.stack[-1].opening.text]}`")
        except _Stop:
            pass

    def block(self) -> Block:
        fields = tuple(self.stack.pop().fields)  # the grammar, which has cycles, keeps the builder until it is collected
        start, end = (fields[0].span.start, fields[-1].span.end) if fields else (0, len(self.source.text))
        return Block(fields, Span(self.source, start, end))

    # The three statements of the grammar.

    def field(self, tokens: Sequence[Token]) -> None:
        name, *items = tokens
        value = items.pop(0) if items else name
        frame = self.stack[-1]
        name_span = self.span(name, "name")
        if frame.is_list:
            self.problem("a list of blocks holds blocks only", name_span, Note("the list begins here", frame.opening))
            frame.comma = False
        kind = value.lastgroup
        if kind in ("brace", "blocks"):
            self.push(_Frame(name_span, self.span(value)))
        elif kind == "list":
            if not items:
                frame.fields.append(Field(name["name"], name_span, None, name_span, True))
            for item in items:
                scalar = self.scalar(item)
                frame.fields.append(Field(name["name"], name_span, scalar, scalar.span, True))
        else:
            scalar = self.scalar(value)
            whole = Span(self.source, name_span.start, scalar.span.end)
            frame.fields.append(Field(name["name"], name_span, scalar, whole))

    def element(self, tokens: Sequence[Token]) -> None:
        frame, opening = self.stack[-1], self.span(tokens[0])
        if not frame.is_list:
            self.problem(f"found `{opening.text}`, wanted a field name before it", opening)
        elif not frame.comma:
            self.problem("found the next block of a list, wanted `,` before it", opening)
        frame.comma = False
        self.push(_Frame(frame.name, opening, True))

    def closing(self, tokens: Sequence[Token]) -> None:
        closing, comma = self.span(tokens[0], "closing"), tokens[0]["comma"] is not None
        frame = self.stack[-1]
        if len(self.stack) == 1:
            self.problem(f"this `{closing.text}` closes nothing", closing)
            return
        wanted = _CLOSES[frame.opening.text]
        if closing.text != wanted:
            note = Note(f"to close this `{frame.opening.text}`", frame.opening)
            self.problem(f"found `{closing.text}`, wanted `{wanted}`", closing, note)
        self.stack.pop()
        outer = self.stack[-1]
        if frame.is_list:
            if frame.comma and frame.fields:
                self.problem("found `]` after a comma, wanted one more block", closing)
            outer.fields.extend(frame.fields)
            return
        if frame.name is None:  # a block without a field: an error already, where it began
            return
        start = frame.opening.start if frame.listed else frame.name.start
        block = Block(tuple(frame.fields), Span(self.source, frame.opening.start, closing.end))
        whole = Span(self.source, start, closing.end)
        outer.fields.append(Field(frame.name.text, frame.name, block, whole, frame.listed))
        outer.comma = comma
        self.closed.append((frame.name, closing))

    # Parts of statements.

    def span(self, token: Token, name: str | None = None) -> Span:
        """The place of a token's last group, or of the one that is named."""
        group = name or token.lastgroup or 0
        return Span(self.source, self.base + token.start(group), self.base + token.end(group))

    def scalar(self, token: Token) -> Scalar:
        span = self.span(token)
        if token.lastgroup == "string":
            return String(self.string(span), span)
        if token.lastgroup == "identifier":
            return Identifier(span.text, span)
        text = span.text
        return Number(text[0] + text[1:].lstrip() if text[0] in "+-" else text, span)

    def string(self, span: Span) -> bytes:
        """The bytes of adjacent literals."""
        text = span.text
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
        """The indentation of the line where a span begins."""
        text = self.source.text
        line = text[text.rfind("\n", 0, span.start) + 1 : span.end].expandtabs()
        return len(line) - len(line.lstrip())

    # Errors.

    def problem(self, message: str, span: Span, *notes: Note) -> None:
        self.problems.add(message, span, *notes)
        if len(self.problems) == MAX_PROBLEMS:
            raise _Stop

    def recover(self, place: int, wanted: str) -> int:
        """Add a problem about the text at ``place``, where the grammar broke; return where to go on reading."""
        if place >= len(self.source.text):
            before = field_before(self.source.text, self.base, place)
            self.ends(f"{wanted} for `{before['name']}`" if before and before["colon"] else wanted)
        mistake = syntax_mistake(self.source, self.base, place, wanted, self.stack[-1].opening.text)
        self.problem(mistake.message, mistake.span)
        return mistake.resume

    def ends(self, wanted: str) -> NoReturn:
        """Add a problem about the text ending too early, and stop."""
        end = end_of_words(self.source.text)
        notes = []
        if len(self.stack) > 1:
            opening = self.stack[-1].opening
            notes.append(Note(f"this `{opening.text}` is not closed", opening))
        misfits = ((name, closing) for name, closing in self.closed if self.indent(closing) < self.indent(name))
        for name, closing in islice(misfits, 1):
            notes.append(Note(f"this closes `{name.text}`, from its indent it was meant for another", closing))
        self.problem(f"the text ends, wanted {wanted}", Span(self.source, end - 1, end), *notes)
        raise _Stop
