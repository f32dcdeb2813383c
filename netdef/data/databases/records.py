"""A database as a sequence without end: its items in key order, round and round."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from netdef.errors import FileError

_PIECE = 1 << 16  # items passed over between two looks at whether the size has become known


Item = tuple[bytes, bytes]  # key and value
View = tuple[bytes | memoryview, bytes | memoryview]  # the same in the database's own memory


def key_text(item: View) -> str:
    """An item's key as a message shows it."""
    return bytes(item[0]).decode("utf-8", "backslashreplace")


class Records(ABC):
    """The items of a database, read forwards; after the last comes the first again, as with Caffe's cursors.

    Opens at the first read. Pickles as its path. One thread at a time.
    """

    def __init__(self, path: Path):
        self.path = path
        self._begin()

    def _begin(self) -> None:
        self._items: Iterator[View] | None = None
        self._at = 0  # the number of the item that comes next, wraps included
        self._size: int | None = None

    @abstractmethod
    def walk(self) -> Iterator[View]:
        """Key and value of every item, from the first to the last. Opens the database if it is not open.

        A view is for use before the next item is asked for: reading one after closing ends the process. Raises
        `FileError` for what cannot be read.
        """

    def size(self) -> int | None:
        """The number of items, where an open database knows it without reading them all."""
        return None

    def read(self, start: int, count: int) -> list[Item]:
        """Items ``start`` to ``start + count`` of the endless sequence.

        Where the last read ended is the cheap place to start; elsewhere costs passing over the items between. Raises
        `FileError` for what is damaged or holds nothing.
        """
        try:
            self._go(start)
            self._at += count
            return [(bytes(key), bytes(value)) for key, value in islice(self._items, count)]
        except FileError:
            self._items = None  # a generator that has raised is spent
            raise

    def close(self) -> None:
        """Close the database. A later read opens it again."""
        self._begin()

    def _go(self, start: int) -> None:
        distance = start - self._at
        if self._items is None or (distance < 0 and not self._size):
            self._items, distance = self._round_and_round(), start
        while distance:
            if self._size:
                distance %= self._size
            piece = min(distance, _PIECE)
            deque(islice(self._items, piece), maxlen=0)
            distance -= piece
        self._at = start

    def _round_and_round(self) -> Iterator[View]:
        while True:
            count = 0
            for count, item in enumerate(self.walk(), 1):
                if count == 1:
                    self._size = self._size or self.size()
                yield item
            if not count:
                raise FileError(f"{self.path}: the database holds no items")
            self._size = count

    def __getstate__(self) -> dict[str, Any]:
        return {"path": self.path}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)
