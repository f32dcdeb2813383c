"""Read LMDB, the usual database of Caffe nets."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from mmap import ACCESS_READ, mmap
from pathlib import Path
from weakref import WeakValueDictionary

import lmdb

from netdef.data.databases.lmdb_pages import checked_leaves
from netdef.data.databases.records import Records, View
from netdef.errors import FileError

# lmdb refuses to open a database twice in one process, as two data layers with one source would.
_open: WeakValueDictionary[str, lmdb.Environment] = WeakValueDictionary()


class LmdbRecords(Records):
    """An LMDB, read without a lock file or write permission: nothing in its folder changes.

    It must not be written to meanwhile, as with Caffe itself. ``path`` is the folder, or the file in it.
    """

    def _begin(self) -> None:
        super()._begin()
        self._transaction: lmdb.Transaction | None = None
        self._is_sound = False  # every page has been checked

    def size(self) -> int | None:
        return self._transaction and self._transaction.stat()["entries"]

    def walk(self) -> Iterator[View]:
        try:
            environment = open_environment(self.path)
            if self._transaction is None:
                self._transaction = environment.begin(buffers=True)
            if self._is_sound:
                yield from self._transaction.cursor()
                return
            page_size, last_page = environment.stat()["psize"], environment.info()["last_pgno"]
            items = None
            for count in checked_leaves(_mapped(self.path), page_size, last_page):
                items = items or iter(self._transaction.cursor())  # which reads the first leaf
                yield from islice(items, count)
            self._is_sound = True
        except lmdb.Error as error:
            self._transaction = None  # every further call on it would be another error
            raise FileError(f"{self.path}: cannot be read as LMDB: {error}") from error
        except ValueError as error:
            raise FileError(f"{self.path}: is damaged: {error}") from error

    def value(self, key: bytes) -> bytes:
        try:
            found = self._transaction.get(key) if self._transaction else None
        except lmdb.Error as error:
            raise FileError(f"{self.path}: cannot be read as LMDB: {error}") from error
        if found is None:
            raise self.gone(key)
        return bytes(found)


def open_environment(path: Path) -> lmdb.Environment:
    """Open an LMDB for reading, once in a process.

    Raises `FileError` for a path that is no LMDB, and for a truncated file: LMDB maps it into memory, and reading
    beyond its end would end the process.
    """
    key = os.path.realpath(path)
    if key in _open:
        return _open[key]
    if (path / "CURRENT").is_file():
        raise FileError(f"{path}: is a LevelDB, not an LMDB; say `backend: LEVELDB`")
    file = _file(path)
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


def _file(path: Path) -> Path:
    return path / "data.mdb" if path.is_dir() else path


def _mapped(path: Path) -> mmap:
    with open(_file(path), "rb") as file:
        return mmap(file.fileno(), 0, access=ACCESS_READ)
