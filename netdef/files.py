"""Files that are whole or not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from netdef.errors import FileError


@contextmanager
def atomic_write(path: str | os.PathLike[str], mode: str = "wb") -> Iterator[IO]:
    """A new file that takes the place of `path` when the block ends well, and leaves no trace when it does not.

    Yields the open temporary file, which lies beside `path`; libraries that open by name are given its ``name``. The
    contents are on the disk before the file gets its name, so that a crash at any moment leaves the old file or the
    new one. A link is followed, not replaced. Raises `FileError` for what the operating system refuses: no such
    folder, no permission, disk full.
    """
    target = os.path.realpath(path)
    temporary = f"{target}.{os.getpid()}.tmp"
    try:
        try:
            with open(temporary, mode) as file:
                permissions = os.fstat(file.fileno()).st_mode & 0o777
                yield file
            # By name: a library may have put a file of its own there, readable by its owner only.
            os.chmod(temporary, permissions)
            with open(temporary, "rb") as written:
                os.fsync(written.fileno())
            os.replace(temporary, target)
        except BaseException:
            if os.path.exists(temporary):
                os.unlink(temporary)
            raise
        _sync_folder(os.path.dirname(target))
    except OSError as error:
        raise FileError(f"{os.fspath(path)}: cannot be written: {error.strerror or error}") from error


def _sync_folder(folder: str) -> None:
    """Bring the new name itself to the disk, where folders can be opened (not on Windows)."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
