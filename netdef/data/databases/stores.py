"""LMDB and LevelDB folders being written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

import lmdb

from netdef.data.databases.leveldb import load_plyvel
from netdef.data.databases.records import Item, key_text
from netdef.errors import NetdefError


class Store(ABC):
    """A new database in a folder that nobody else sees yet: no locks, and nothing is on the disk before `finish`.

    What the library refuses is raised as one of ``errors``.
    """

    errors: tuple[type[Exception], ...]

    @abstractmethod
    def put(self, items: Sequence[Item]) -> None:
        """Add items. Raises `NetdefError` for a key that is there already."""

    @abstractmethod
    def finish(self) -> None:
        """Bring everything to the disk."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the folder; a second time does nothing."""


class LmdbStore(Store):
    """An LMDB of the size of its contents, without a lock file."""

    errors = (lmdb.Error,)

    def __init__(self, folder: Path):
        self._environment = lmdb.open(str(folder), map_size=1 << 30, lock=False, sync=False)
        self._last = b""

    def put(self, items: Sequence[Item]) -> None:
        while True:
            try:
                with self._environment.begin(write=True) as transaction:
                    last = self._last
                    for key, value in items:
                        # Appending fills pages to the brim.
                        if not transaction.put(key, value, append=key > last, overwrite=False):
                            raise _twice(key)
                        last = max(key, last)
                self._last = last
                return
            except lmdb.MapFullError:
                self._environment.set_mapsize(2 * self._environment.info()["map_size"])

    def finish(self) -> None:
        self._environment.sync(True)

    def close(self) -> None:
        self._environment.close()


class LeveldbStore(Store):
    """A LevelDB whose items are all in tables, so that reading it copies nothing."""

    def __init__(self, folder: Path):
        plyvel = load_plyvel()
        self.errors = (plyvel.Error,)
        self._database = plyvel.DB(str(folder), create_if_missing=True, error_if_exists=True)
        self._last = b""

    def put(self, items: Sequence[Item]) -> None:
        seen: set[bytes] = set()
        with self._database.write_batch() as batch:
            for key, value in items:
                if key <= self._last and (key in seen or self._database.get(key) is not None):
                    raise _twice(key)
                seen.add(key)
                self._last = max(key, self._last)
                batch.put(key, value)

    def finish(self) -> None:
        self._database.compact_range()

    def close(self) -> None:
        self._database.close()


def _twice(key: bytes) -> NetdefError:
    return NetdefError(f"two items have the key `{key_text((key, b''))}`")
