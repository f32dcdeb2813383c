"""The screen: tables on standard output, bars on standard error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.console import Console

Item = TypeVar("Item")


def console(width: int | None = None) -> Console:
    """The console of standard output; by default 120 wide if that is not a terminal."""
    from rich.console import Console

    made = Console(width=width)
    return made if made.is_terminal or width is not None else Console(width=120)


def progress(items: Iterable[Item], text: str, total: int | None = None) -> Iterator[Item]:
    """The items, with a bar on standard error if that is a terminal."""
    from rich.console import Console
    from rich.progress import track

    screen = Console(stderr=True)
    return iter(track(items, text, total, console=screen, transient=True, disable=not screen.is_terminal))
