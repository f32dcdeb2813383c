"""Reading LMDB, the database Caffe users have."""

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

# lmdb refuses to open a database twice in a process, which two data layers of one source would do.
_open: WeakValueDictionary[str, lmdb.Environment] = WeakValueDictionary()


class LmdbRecords(Records):
    """An LMDB, read without lock file or write permission: nothing beside or in it changes.

    So nobody may write to it meanwhile, as with Caffe's own data sets. ``path`` is the folder, or the file itself.
    """

    def _begin(self) -> None:
        super()._begin()
        self._transaction: lmdb.Transaction | None = None
        self._is_sound = False  # every page has been looked at

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
            self._transaction = None  # spent: it would answer everything with another error from now on
            raise FileError(f"{self.path}: cannot be read as LMDB: {error}") from error
        except ValueError as error:
            raise FileError(f"{self.path}: is damaged: {error}") from error


def open_environment(path: Path) -> lmdb.Environment:
    """The database for reading, opened once a process. Raises `FileError`, also for a file cut short: LMDB maps files
    into memory, and touching what is not there would end the process."""
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
