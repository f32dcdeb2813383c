"""Reading LMDB, the database Caffe users have."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from weakref import WeakValueDictionary

import lmdb

from netdef.data.records import Records, View
from netdef.errors import FileError

# lmdb refuses to open a database twice in a process, which two data layers of one source would do.
_open: WeakValueDictionary[str, lmdb.Environment] = WeakValueDictionary()


class LmdbRecords(Records):
    """An LMDB, read without lock file or write permission: nothing beside or in it changes.

    So nobody may write to it meanwhile, as with Caffe's own data sets. ``path`` is the folder, or the file itself.
    """

    def _begin(self) -> None:
        super()._begin()
        self._transaction: lmdb.Transaction | None = None

    def size(self) -> int | None:
        return self._transaction and self._transaction.stat()["entries"]

    def walk(self) -> Iterator[View]:
        try:
            if self._transaction is None:
                self._transaction = open_environment(self.path).begin(buffers=True)
            yield from self._transaction.cursor()
        except lmdb.Error as error:
            self._transaction = None  # spent: it would answer everything with another error from now on
            raise FileError(f"{self.path}: cannot be read as LMDB: {error}") from error


def open_environment(path: Path) -> lmdb.Environment:
    """The database for reading, opened once a process. Raises `FileError`, also for a file cut short: LMDB maps files
    into memory, and touching what is not there would end the process."""
    key = os.path.realpath(path)
    if key in _open:
        return _open[key]
    if (path / "CURRENT").is_file():
        raise FileError(f"{path}: is a LevelDB, not an LMDB; say `backend: LEVELDB`")
    file = path / "data.mdb" if path.is_dir() else path
    try:
        length = file.stat().st_size
        environment = lmdb.open(str(path), subdir=path.is_dir(), readonly=True, lock=False, create=False)
    except OSError as error:
        raise FileError(f"{file}: {error.strerror or error}") from error
    except lmdb.Error as error:
        detail = "the file is empty" if not length else str(error).removeprefix(f"{path}: ")
        raise FileError(f"{file}: cannot be opened as LMDB: {detail}") from error
    needed = (environment.info()["last_pgno"] + 1) * environment.stat()["psize"]
    if length < needed:
        environment.close()
        raise FileError(f"{file}: is cut short: it has {length} bytes, and its pages end at byte {needed}")
    _open[key] = environment
    return environment
