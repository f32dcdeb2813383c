"""Packages that only some uses of netdef need."""

from __future__ import annotations

from importlib.util import find_spec

from netdef.errors import NetdefError


def need_scipy(what: str) -> None:
    """Raise `NetdefError` with how to install scipy, which ``what`` needs, unless it is there."""
    if find_spec("scipy") is None:
        raise NetdefError(f"{what} needs scipy; install it with: pip install 'netdef-dsd[scipy]'")
