"""Pass errors of a user's own layers through unchanged, as pycaffe does."""

from __future__ import annotations

from types import TracebackType

from netdef.errors import FileError, NetdefError


class own_exceptions:  # named as contextlib's are
    """Context manager that raises an exception of a Python layer unchanged, with a note on the layer (Python 3.11)."""

    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        raised = error.__cause__ if isinstance(error, NetdefError) else None
        if raised is None or isinstance(error, FileError) or isinstance(raised, NetdefError):
            return
        if hasattr(raised, "add_note"):
            raised.add_note(str(error))
        raise raised from None
