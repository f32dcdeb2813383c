"""matplotlib, loaded when a picture is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netdef.errors import NetdefError

if TYPE_CHECKING:
    from types import ModuleType


def load_matplotlib() -> ModuleType:
    """Import matplotlib, which only plots need. Raises `NetdefError` with how to install it."""
    try:
        import matplotlib
    except ImportError:
        raise NetdefError(
            "plots need matplotlib, which is not installed: pip install 'netdef-dsd[plot]', or give --no-plot"
        ) from None
    return matplotlib
