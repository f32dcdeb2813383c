"""Write databases of datums."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import TracebackType

import lmdb

from netdef.data.databases.open import is_database
from netdef.data.databases.records import Item
from netdef.data.databases.stores import LeveldbStore, LmdbStore, Store
from netdef.errors import FileError, NetdefError
from netdef.schema import messages

_PIECE = 32 << 20  # bytes of values in one transaction
_STORES = {"LMDB": LmdbStore, "LEVELDB": LeveldbStore}


class DatumWriter:
    """A new database of datums, whole or not there: ``with DatumWriter("train_lmdb") as writer: writer.add(datum)``.

    The database is written beside its place under another name and moved there when the block ends well. With
    ``replace`` it may take the place of another database, which stays until then. ``backend`` is LMDB, or LEVELDB with
    the extra `leveldb`. Raises `FileError` where something lies already, and for what the library and the operating
    system refuse.
    """

    def __init__(self, path: str | os.PathLike[str], backend: str = "LMDB", replace: bool = False):
        self.path = Path(path)
        self.count = 0
        self._replace = replace
        if self.path.exists():
            if not replace:
                raise FileError(f"{self.path}: is there already; remove it or choose another name")
            if not is_database(self.path):
                raise FileError(f"{self.path}: is there already, is no database, and is not replaced by one")
        if not self.path.parent.is_dir():
            raise FileError(f"{self.path}: cannot be written: there is no folder {self.path.parent}")
        self._temporary = self.path.with_name(f"{self.path.name}.{os.getpid()}.tmp")
        try:
            self._store: Store = _STORES[backend](self._temporary)
        except (lmdb.Error, OSError) as error:  # plyvel's errors of input and output are OSErrors
            raise FileError(f"{self.path}: cannot be written: {error}") from error
        self._items: list[Item] = []
        self._waiting = 0

    def add(self, datum: messages.Datum, key: str | None = None) -> None:
        """Append an item. Without a key it gets the next number, as eight digits, which keeps the order of adding."""
        name = key if key is not None else f"{self.count:08}"
        value = datum.SerializeToString()
        self._items.append((name.encode(errors="surrogateescape"), value))
        self.count += 1
        self._waiting += len(value)
        if self._waiting >= _PIECE:
            self._write()

    def _write(self) -> None:
        try:
            self._store.put(self._items)
        except NetdefError as error:
            raise FileError(f"{self.path}: {error}") from error
        except self._store.errors as error:
            raise FileError(f"{self.path}: cannot be written: {error}") from error
        self._items, self._waiting = [], 0

    def __enter__(self) -> DatumWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._write()
                self._store.finish()
            self._store.close()
            if kind is None:
                self._move()
        except (*self._store.errors, OSError) as problem:
            raise FileError(f"{self.path}: cannot be written: {problem}") from problem
        finally:
            self._store.close()
            shutil.rmtree(self._temporary, ignore_errors=True)

    def _move(self) -> None:
        """Put the new database in its place. A folder cannot take another's place at once: the old one steps aside."""
        aside = self.path.with_name(f"{self.path.name}.{os.getpid()}.old")
        if self._replace and self.path.exists():
            self.path.rename(aside)
        try:
            self._temporary.rename(self.path)
        except OSError:
            if aside.exists():
                aside.rename(self.path)
            raise
        shutil.rmtree(aside, ignore_errors=True)


