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
    """A data layer of the items of a database, in key order, round and round, as in Caffe: shuffle when making it.

    Subclasses call `open_database` in their constructor.
    """

    records: Records

    def open_database(self, spec: LayerDefinition) -> Item:
        """Find the ``source`` of the ``data_param``, an LMDB or a LevelDB as its ``backend`` says; its first item.

        Raises `SpecError` if there is nothing at the source, `FileError` if it cannot be read.
        """
        param = spec.message.data_param
        path = spec.resolve(param.source, "data_param", "source")
        self.records = (LmdbRecords if param.backend == messages.DataParameter.LMDB else LeveldbRecords)(path)
        return self.records.read(0, 1)[0]

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
