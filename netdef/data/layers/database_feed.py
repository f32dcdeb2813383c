"""What data layers that read a database have in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from netdef.data.databases.leveldb import LeveldbRecords
from netdef.data.databases.lmdb import LmdbRecords
from netdef.data.databases.records import Item, Records, key_text
from netdef.data.feeding.feed import Feed
from netdef.errors import FileError, NetdefError
from netdef.schema import messages

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition


class DatabaseFeed(Feed):
    """A data layer of the items of a database, in key order, round and round, as in Caffe.

    With ``shuffle``, of NVIDIA's fork, each epoch has an order of its own, a function of the seed and the epoch; for it
    the keys of the whole database are read once. ``rand_skip`` passes over a number of items below it that follows from
    the seed. Subclasses call `open_database` in their constructor.
    """

    records: Records

    def open_database(self, spec: LayerDefinition) -> Item:
        """Find the ``source`` of the ``data_param``, an LMDB or a LevelDB as its ``backend`` says; its first item.

        Raises `SpecError` if there is nothing at the source, `FileError` if it cannot be read.
        """
        param = spec.message.data_param
        path = spec.resolve(param.source, "data_param", "source")
        self.records = (LmdbRecords if param.backend == messages.DataParameter.LMDB else LeveldbRecords)(path)
        self.shuffle: bool = param.shuffle
        self.rand_skip: int = param.rand_skip
        return self.records.read(0, 1)[0]

    def items(self, number: int) -> list[Item]:
        """The items of this rank's batch ``number``."""
        first = self.first_item(number) + self.skipped_items(self.rand_skip)
        if not self.shuffle:
            return self.records.read(first, self.batch_size)
        count = self.records.count()
        return self.records.pick([self.shuffled(item, count) for item in range(first, first + self.batch_size)])

    @contextmanager
    def naming(self, item: Item) -> Iterator[None]:
        """Raise a `NetdefError` about an item as a `FileError` that names the database and the item's key."""
        try:
            yield
        except NetdefError as error:
            raise FileError(f"{self.records.path}: item `{key_text(item)}` {error}") from error

    def close(self) -> None:
        super().close()
        self.records.close()
