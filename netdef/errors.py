"""Errors of users: the mistake, its place, and what is wanted.

Each stage of reading collects `Problem`s in a `Problems` list and raises them together as one `SpecError`. Files without
text (weights, databases) raise `FileError`. All errors that a user can correct derive from `NetdefError`; commands print
them without a traceback and exit with status 2.
"""

from __future__ import annotations

import difflib
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass

from netdef.source import Span


class NetdefError(Exception):
    """An error that the user can correct. The message says what was found and what is wanted."""


class FileError(NetdefError):
    """A file that cannot be read, is damaged, or does not fit. The message begins with its name."""


@dataclass(frozen=True)
class Note:
    """A further place that explains a problem."""

    message: str
    span: Span | None = None


@dataclass(frozen=True)
class Problem:
    """One mistake in a text. The message says who, what is wrong, the value found, and what is allowed.

    ``span`` is its place, None for what is in no text.
    """

    message: str
    span: Span | None = None
    notes: tuple[Note, ...] = ()

    def __str__(self) -> str:
        message = _escape_quoted(self.message)
        lines = [message if self.span is None else f"{self.span}: {message}\n{self.span.excerpt()}"]
        for note in self.notes:
            place = "" if note.span is None else f"{note.span}: "
            lines.append(f"   note: {place}{_escape_quoted(note.message)}")
        return "\n".join(lines)


@dataclass(frozen=True)
class Absent(Problem):
    """A file or code that the text names, or the shape of an input, is absent or not allowed. The text may be right."""


class SpecError(NetdefError):
    """Problems found together: each once, in the order of the text."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = sorted(
            dict.fromkeys(problems), key=lambda p: (p.span.source.name, p.span.start) if p.span else ("", -1)
        )
        super().__init__(str(self))

    def __str__(self) -> str:
        count = len(self.problems)
        names = sorted({p.span.source.name for p in self.problems if p.span})
        where = f" in {', '.join(names)}" if names else ""
        total = f"{count} problem{'s' if count != 1 else ''}{where}"
        return "\n".join([*map(str, self.problems), total])


class Problems(list[Problem]):
    """The problems that a stage has found so far."""

    def add(self, message: str, span: Span | None = None, *notes: Note) -> None:
        """Add a problem."""
        self.append(Problem(message, span, notes))

    def add_new(self, more: Iterable[Problem]) -> None:
        """Add problems at places that have none yet: two nets of one text have the same mistakes."""
        known = {problem.span for problem in self} - {None}
        self.extend([problem for problem in more if problem.span not in known and problem not in self])

    def raise_any(self, cause: BaseException | None = None) -> None:
        """Raise `SpecError`, from ``cause``, if there are any."""
        if self:
            raise SpecError(self) from cause


def warn_at(span: Span | None, message: str) -> None:
    """Warn about a place in a text; None for what is in no text."""
    warnings.warn(message if span is None else f"{span}: {message}", stacklevel=3)


def printable(text: str, keep: str = "") -> str:
    """Escape control characters and bytes that are no text, so that text of a file can be shown; leave those in ``keep``."""
    return "".join(
        letter if letter.isprintable() or letter in keep else letter.encode("unicode_escape").decode() for letter in text)


def _escape_quoted(message: str) -> str:
    """Escape control characters within backticks: names and paths come from files."""
    return re.sub(r"`[^`]*`", lambda quoted: printable(quoted[0]), message)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``; did you mean `x`?`` for the nearest known name, or nothing when none is near.

    The ending ``_param``, which many names have, does not make names near.
    """
    ending = "_param" if name.endswith("_param") else ""
    stems = {k.removesuffix(ending).lower(): k for k in known if k.endswith(ending)}
    near = difflib.get_close_matches(name.removesuffix(ending).lower(), stems, n=1, cutoff=0.6)
    return f"; did you mean `{stems[near[0]]}`?" if near else ""


def among(name: str, known: Iterable[str], lead: str) -> str:
    """``; did you mean `x`? It has x, y``, for the lead ``it has``; ``; it has x, y`` when no known name is near."""
    known = list(dict.fromkeys(known))
    hint, names = did_you_mean(name, known), ", ".join(known) or "none"
    return f"{hint} {lead[:1].upper()}{lead[1:]} {names}" if hint else f"; {lead} {names}"


def first_line(error: BaseException) -> str:
    """The first line of an exception's message, or the name of its class if it has none."""
    message = str(error).strip()
    return message.splitlines()[0] if message else type(error).__name__


def shorten(text: str, width: int = 40) -> str:
    """The text in one line of limited length, to quote it in a message."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 3] + "..."
