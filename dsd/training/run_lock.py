"""The lock of a snapshot prefix or a study: only one process at a time writes its files."""

from __future__ import annotations

import json
import os
import socket
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import IO

from netdef.errors import FileError
from netdef.files import remove_leftovers

_ours: set[Path] = set()  # locks of this process: the system does not keep a process from taking a lock twice


class RunLock:
    """The file ``<prefix>.lock``, which says which process on which host works under this prefix.

    The lock itself is the system's, and ends with the process however that ends: a file that a killed process left is taken
    over. A missing folder is made. ``work`` says, for the error, what the holder does and what to do instead.
    """

    def __init__(
        self, prefix: str | Path,
        work: str = "trains with this `snapshot_prefix`; wait for it to end, or give another one",
    ):
        self.prefix, self._work = str(prefix), work
        self.path = Path(f"{prefix}.lock").absolute()
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take the lock, and delete what killed processes left half-written under the prefix.

        Raises `FileError` if another run has the lock, and for what the operating system refuses: so a prefix that cannot
        be written is known before the first iteration.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._open()
            self._file.truncate(0)
            json.dump({"pid": os.getpid(), "host": socket.gethostname(), "since": time.strftime("%F %T")}, self._file)
            self._file.flush()
            remove_leftovers(f"{self.prefix}_iter_", any_host=True)
        except (FileExistsError, NotADirectoryError):
            raise FileError(f"{self.path.parent}: is a file or lies below one; the folder cannot be made") from None
        except OSError as error:
            self.release()
            raise FileError(f"{self.path}: cannot be written: {error.strerror or error}") from None

    def release(self) -> None:
        """Delete the file and give up the lock; nothing if it was not taken."""
        if self._file is not None:
            with suppress(OSError):  # of a folder that went away, of what a full disk did not take
                self.path.unlink(missing_ok=True)
                self._file.close()
            self._file = None
            _ours.discard(self.path)

    def _open(self) -> IO[str]:
        """Open the file and lock it; again if another run deleted it in between, at its end."""
        if self.path in _ours:
            raise FileError(f"{self.path}: another run of this process {self._work}")
        while True:
            file = open(self.path, "a+")
            try:
                if not _lock(file):
                    raise FileError(f"{self.path}: {_holder(file)} {self._work}")
                if _same_file(file, self.path):
                    _ours.add(self.path)
                    return file
            except BaseException:
                file.close()
                raise
            file.close()


def _lock(file: IO[str]) -> bool:
    """Lock the whole file for this process; False if another process has it. Children do not inherit the lock."""
    try:
        import fcntl
    except ImportError:  # Windows
        return True
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError as error:  # a file system without locks
        warnings.warn(f"{file.name}: cannot be locked: {error.strerror}; take care that no other run has this prefix",
                      stacklevel=2)
    return True


def _same_file(file: IO[str], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.stat(path))
    except FileNotFoundError:
        return False


def _holder(file: IO[str]) -> str:
    """The holder of a lock, read from its file."""
    file.seek(0)
    try:
        facts = json.loads(file.read())
        return f"process {facts['pid']} on host {facts['host']}, since {facts['since']},"
    except (ValueError, KeyError, TypeError):
        return "another process"
