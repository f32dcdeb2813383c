"""A text with its name, and places in it.

Errors in a text point at a `Span`. Spans are offsets; line and column are computed when they are printed.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Source:
    """A text and its name in errors: a path, or ``<text>``."""

    name: str
    text: str

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(i + 1 for i, c in enumerate(self.text) if c == "\n")]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1; a tab is one column."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its end."""
        start = self._line_starts[number - 1]
        end = self.text.find("\n", start)
        return (self.text[start:] if end < 0 else self.text[start:end]).rstrip("\r")


@dataclass(frozen=True, slots=True)
class Span:
    """The half-open range ``start:end`` of a source's text."""

    source: Source
    start: int
    end: int

    def __str__(self) -> str:
        line, column = self.source.position(self.start)
        return f"{self.source.name}:{line}:{column}"

    def within(self, other: Span | None) -> bool:
        """Whether another span contains it."""
        return other is not None and self.source == other.source and other.start <= self.start <= self.end <= other.end

    @property
    def text(self) -> str:
        """The characters the span covers."""
        return self.source.text[self.start : self.end]

    def excerpt(self) -> str:
        """The first line of the span with a caret and tildes under it, as compilers show it.

        A very long line is cut to the part around the caret.
        """
        number, column = self.source.position(self.start)
        line = self.source.line(number)
        cut = max(0, column - 1 - _SHOWN // 2) if len(line) > _SHOWN else 0
        shown = "".join(c if c.isprintable() or c == "\t" else "?" for c in line[cut : cut + _SHOWN])
        before = shown[: column - 1 - cut]
        width = max(1, min(self.end - self.start, len(shown) - len(before)))
        # A tab in the margin keeps the caret under its character, whatever the terminal's tab width.
        margin = "".join("\t" if c == "\t" else " " for c in before)
        return f"{number:5} | {shown}\n      | {margin}^{'~' * (width - 1)}"


_SHOWN = 160
