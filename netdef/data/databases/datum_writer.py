"""Write databases of datums, as Data layers read them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from glob import escape
from pathlib import Path
from types import TracebackType

import numpy as np

from netdef.data.databases.open import is_database
from netdef.data.databases.records import Item
from netdef.data.databases.stores import LeveldbStore, LmdbStore, Store
from netdef.data.images.datum import array_datum
from netdef.errors import FileError, NetdefError
from netdef.files import temporary_beside
from netdef.schema import messages

_PIECE = 32 << 20  # bytes of values in one transaction
_STORES: dict[str, Callable[[Path], Store]] = {"LMDB": LmdbStore, "LEVELDB": LeveldbStore}
LabelledImage = tuple[np.ndarray, int]  # uint8 (C, H, W), and its label


class DatumWriter:
    """Write a new database of datums: ``with DatumWriter("train_lmdb") as writer: writer.add(datum)``.

    It is written under a temporary name beside its path and renamed when the block ends without an error, so a database at
    the path is complete. With ``replace`` it may replace another database, which stays until then. ``backend`` is LMDB, or
    LEVELDB with the extra `leveldb`. Raises `FileError` if something else exists at the path, and for all errors of the
    library and the operating system.
    """

    def __init__(self, path: str | os.PathLike[str], backend: str = "LMDB", replace: bool = False):
        self.path = Path(path)
        self.count = 0
        self._replace = replace
        self._put_back()
        if self.path.exists():
            if not replace:
                raise FileError(f"{self.path}: is there already; remove it or choose another name")
            if not is_database(self.path):
                raise FileError(f"{self.path}: is there already, is no database, and is not replaced by one")
        if not self.path.parent.is_dir():
            raise FileError(f"{self.path}: cannot be written: there is no folder {self.path.parent}")
        try:
            self._temporary = Path(temporary_beside(self.path))
            self._store = _STORES[backend](self._temporary)
        except OSError as error:
            raise self._refused(error) from error
        self._items: list[Item] = []
        self._waiting = 0

    def _put_back(self) -> None:
        """Undo what a process that was killed within `_move` left."""
        for aside in self.path.parent.glob(f"{escape(self.path.name)}.*.old"):
            if self.path.exists():
                shutil.rmtree(aside, ignore_errors=True)
            else:
                aside.rename(self.path)

    def add(self, datum: messages.Datum, key: str | None = None) -> None:
        """Append an item. Without a key it gets the next number, in eight digits, which keeps the order of adding."""
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
        except OSError as error:
            raise self._refused(error) from error
        self._items, self._waiting = [], 0

    def _refused(self, error: OSError) -> FileError:
        return FileError(f"{self.path}: cannot be written: {error}")

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
        except OSError as problem:
            raise self._refused(problem) from problem
        finally:
            self._store.close()
            shutil.rmtree(self._temporary, ignore_errors=True)

    def _move(self) -> None:
        """Put the new database in its place. A folder cannot replace another in one step: the old one is renamed first."""
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


def write_images(
    path: str | os.PathLike[str], images: Iterable[LabelledImage], backend: str = "LMDB", replace: bool = False
) -> int:
    """Write a database of raw images in the order given, and return their number. Arguments and errors are `DatumWriter`'s."""
    with DatumWriter(path, backend, replace) as writer:
        for image, label in images:
            writer.add(array_datum(image, label))
    return writer.count
