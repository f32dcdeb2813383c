"""The number of bottoms and tops that a layer takes."""

from __future__ import annotations

from typing import NamedTuple


class Arity(NamedTuple):
    """A range of numbers of bottoms or tops; ``most`` is None for no upper limit."""

    least: int
    most: int | None

    def admits(self, count: int) -> bool:
        return self.least <= count and (self.most is None or count <= self.most)

    def __str__(self) -> str:
        if self.most is None:
            return f"at least {self.least}"
        return str(self.least) if self.least == self.most else f"{self.least} to {self.most}"


def exactly(count: int) -> Arity:
    """``count`` bottoms or tops."""
    return Arity(count, count)


def at_least(count: int) -> Arity:
    """``count`` bottoms or tops, or more."""
    return Arity(count, None)


def between(least: int, most: int) -> Arity:
    """From ``least`` to ``most`` bottoms or tops, both included."""
    return Arity(least, most)
