"""What is wrong, where, and what would be right: complaints a user can act on.

Stages collect `Problem`s in a `Problems` list and raise them together as one `SpecError`. Files without text (weights,
databases) raise `FileError`. Everything that a user can mend derives from `NetdefError`; the commands print it without
a traceback and exit with 2.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from netdef.source import Span


class NetdefError(Exception):
    """Something the user can mend: the message says what was found and what was wanted."""


class FileError(NetdefError):
    """A file that cannot be read, is damaged, or does not fit; the message begins with its name."""


@dataclass(frozen=True)
class Note:
    """A further place that explains a problem."""

    message: str
    span: Span | None = None


@dataclass(frozen=True)
class Problem:
    """One mistake: who, what is wrong, the value found, what is allowed. ``span`` is None only for what has no text."""

    message: str
    span: Span | None = None
    notes: tuple[Note, ...] = ()

    def __str__(self) -> str:
        lines = [self.message if self.span is None else f"{self.span}: {self.message}\n{self.span.excerpt()}"]
        for note in self.notes:
            place = "" if note.span is None else f"{note.span}: "
            lines.append(f"   note: {place}{note.message}")
        return "\n".join(lines)


@dataclass(frozen=True)
class Absent(Problem):
    """What is missing is outside the text: a file or code that it names is not there, or may not be run."""


class SpecError(NetdefError):
    """Problems found together, each once, in the order of the text."""

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
    """The problems a stage has met so far."""

    def add(self, message: str, span: Span | None = None, *notes: Note) -> None:
        """Note one mistake and go on."""
        self.append(Problem(message, span, notes))

    def add_new(self, more: Iterable[Problem]) -> None:
        """Note the problems of places that none is noted of yet: two nets of one text complain about the same."""
        noted = {problem.span for problem in self} - {None}
        self.extend([problem for problem in more if problem.span not in noted and problem not in self])

    def raise_any(self, cause: BaseException | None = None) -> None:
        """Raise `SpecError` if anything was noted, from ``cause``."""
        if self:
            raise SpecError(self) from cause


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``; did you mean `x`?`` for the nearest known name, or nothing when none is near."""
    lowered = {k.lower(): k for k in known}
    near = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    return f"; did you mean `{lowered[near[0]]}`?" if near else ""


def shorten(text: str, width: int = 40) -> str:
    """The text in one line of limited length, to quote it in a message."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 3] + "..."
