"""Write the folders of an LMDB and of a LevelDB."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import lmdb

from netdef.data.databases.leveldb import load_plyvel
from netdef.data.databases.records import Item, key_text
from netdef.errors import NetdefError


class Store(ABC):
    """A new database in a folder that nothing else reads: it takes no locks, and writes to the disk in `finish`.

    Raises OSError for all errors of the library and the operating system.
    """

    @abstractmethod
    def put(self, items: Sequence[Item]) -> None:
        """Add items. Raises `NetdefError` for a key that exists."""

    @abstractmethod
    def finish(self) -> None:
        """Write everything to the disk."""

    @abstractmethod
    def close(self) -> None:
        """Release the folder; a second time does nothing."""


class LmdbStore(Store):
    """An LMDB as large as its contents, without a lock file."""

    def __init__(self, folder: Path):
        with _os_errors(lmdb.Error):
            self._environment = lmdb.open(str(folder), map_size=1 << 30, lock=False, sync=False)
        self._last = b""

    def put(self, items: Sequence[Item]) -> None:
        with _os_errors(lmdb.Error):
            while True:
                try:
                    self._put(items)
                    return
                except lmdb.MapFullError:
                    self._environment.set_mapsize(2 * self._environment.info()["map_size"])

    def _put(self, items: Sequence[Item]) -> None:
        with self._environment.begin(write=True) as transaction:
            last = self._last
            for key, value in items:
                # Appending fills pages to the brim.
                if not transaction.put(key, value, append=key > last, overwrite=False):
                    raise _duplicate(key)
                last = max(key, last)
        self._last = last

    def finish(self) -> None:
        with _os_errors(lmdb.Error):
            self._environment.sync(True)

    def close(self) -> None:
        self._environment.close()


class LeveldbStore(Store):
    """A LevelDB whose items are all in tables, so that `LeveldbRecords` copies nothing."""

    def __init__(self, folder: Path):
        plyvel = load_plyvel()
        self._error: type[Exception] = plyvel.Error
        with _os_errors(self._error):
            self._database = plyvel.DB(str(folder), create_if_missing=True, error_if_exists=True)
        self._last = b""

    def put(self, items: Sequence[Item]) -> None:
        seen: set[bytes] = set()
        with _os_errors(self._error), self._database.write_batch() as batch:
            for key, value in items:
                if key <= self._last and (key in seen or self._database.get(key) is not None):
                    raise _duplicate(key)
                seen.add(key)
                self._last = max(key, self._last)
                batch.put(key, value)

    def finish(self) -> None:
        with _os_errors(self._error):
            self._database.compact_range()

    def close(self) -> None:
        self._database.close()


@contextmanager
def _os_errors(kind: type[Exception]) -> Iterator[None]:
    """Turn a library's errors into OSErrors."""
    try:
        yield
    except kind as error:
        raise OSError(str(error)) from error


def _duplicate(key: bytes) -> NetdefError:
    return NetdefError(f"two items have the key `{key_text((key, b''))}`")
