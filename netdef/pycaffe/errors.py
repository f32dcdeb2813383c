"""Pass errors of a user's own layers through unchanged, as pycaffe does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from netdef.errors import FileError, NetdefError


@contextmanager
def own_exceptions() -> Iterator[None]:
    """Context manager that raises an exception of a Python layer unchanged, with a note on the layer (Python 3.11)."""
    try:
        yield
    except NetdefError as error:
        raised = error.__cause__
        if raised is None or isinstance(error, FileError) or isinstance(raised, NetdefError):
            raise
        if hasattr(raised, "add_note"):
            raised.add_note(str(error))
        raise raised from None
