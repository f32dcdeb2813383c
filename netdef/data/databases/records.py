"""The items of a database in key order, as an endless sequence."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from netdef.errors import FileError, printable

_PIECE = 1 << 16  # items skipped before asking again whether the size is known


Item = tuple[bytes, bytes]  # key and value
View = tuple[bytes | memoryview, bytes | memoryview]  # the same in the database's own memory


def key_text(item: View) -> str:
    """An item's key for a message."""
    return printable(bytes(item[0]).decode("utf-8", "backslashreplace"))


class Records(ABC):
    """The items of a database, read forwards; after the last comes the first again, as with Caffe's cursors.

    Opens at the first read. Pickles as its path. For one thread at a time.
    """

    def __init__(self, path: Path):
        self.path = path
        self._begin()

    def _begin(self) -> None:
        """Set the state before the first read."""
        self._items: Iterator[View] | None = None
        self._at = 0  # the number of the item that comes next, wraps included
        self._size: int | None = None
        self._keys: list[bytes] | None = None

    @abstractmethod
    def walk(self) -> Iterator[View]:
        """Key and value of every item, from the first to the last. Opens the database if it is not open.

        A view is valid until the next item is asked for; reading it after `close` ends the process. Raises `FileError`
        for a database that cannot be read or is damaged.
        """

    @abstractmethod
    def value(self, key: bytes) -> bytes:
        """The value of a key that `walk` has given. Raises `FileError` for what cannot be read."""

    def size(self) -> int | None:
        """The number of items, if an open database knows it without reading them all."""
        return None

    def read(self, start: int, count: int) -> list[Item]:
        """Items ``start`` to ``start + count`` of the endless sequence.

        Starting where the last read ended costs nothing; elsewhere, the items in between are skipped one by one. Raises
        `FileError` for a database that is damaged or empty.
        """
        try:
            items = self._from(start)
            self._at += count
            return [(bytes(key), bytes(value)) for key, value in islice(items, count)]
        except FileError:
            self._items = None  # a generator that has raised is spent
            raise

    def count(self) -> int:
        """The number of items. Reads all keys once; `FileError` where there is none."""
        return len(self._all_keys())

    def pick(self, places: Sequence[int]) -> list[Item]:
        """The items at these places, from 0 to below `count`, in key order. Raises `FileError` for what is damaged."""
        keys = self._all_keys()
        return [(keys[place], self.value(keys[place])) for place in places]

    def _all_keys(self) -> list[bytes]:
        if self._keys is None:
            self._keys = [bytes(key) for key, _ in self.walk()]
        if not self._keys:
            raise self._empty()
        return self._keys

    def gone(self, key: bytes) -> FileError:
        """The error for a key that `walk` has given and that no longer exists."""
        return FileError(f"{self.path}: item `{key_text((key, b''))}` is not there any more")

    def _empty(self) -> FileError:
        return FileError(f"{self.path}: the database holds no items")

    def close(self) -> None:
        """Close the database. A later read opens it again."""
        self._begin()

    def _from(self, start: int) -> Iterator[View]:
        """The sequence from item ``start`` on."""
        distance = start - self._at
        if self._items is None or (distance < 0 and not self._size):
            self._items, distance = self._repeated(), start
        while distance:
            if self._size:
                distance %= self._size
            piece = min(distance, _PIECE)
            deque(islice(self._items, piece), maxlen=0)
            distance -= piece
        self._at = start
        return self._items

    def _repeated(self) -> Iterator[View]:
        while True:
            count = 0
            for count, item in enumerate(self.walk(), 1):
                if count == 1:
                    self._size = self._size or self.size()
                yield item
            if not count:
                raise self._empty()
            self._size = count

    def __getstate__(self) -> dict[str, Any]:
        return {"path": self.path}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.path = state["path"]
        self._begin()
