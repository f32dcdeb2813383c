"""The base class of data layers that read a database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    """A data layer of the items of a database, in key order, starting over at the end, as in Caffe.

    With ``shuffle``, of NVIDIA's fork, each epoch has an order of its own, a function of the seed and the epoch, and all
    keys of the database are read once. ``shuffle_pool_size`` above 1, of Cysu's fork (Xiao et al. 2016), does the same; in
    that fork it draws from a pool of some batches in key order, not from the whole epoch. ``rand_skip`` skips a
    number of items below it that follows from the seed. Subclasses call `open_database` in their constructor.
    """

    records: Records
    selection: Sequence[tuple[bytes, float]] = ()
    """The keys that are read, each with a label, if there is a list of them."""

    def open_database(self, spec: LayerDefinition) -> Item:
        """Open the ``source`` of the ``data_param``, of the kind ``backend``, and return its first item.

        Raises `SpecError` if there is nothing at the source, `FileError` if it cannot be read.
        """
        param = spec.message.data_param
        self.records = find_database(spec, param.backend, "data_param", "source")
        self.shuffle, self.rand_skip = param.shuffle or param.shuffle_pool_size > 1, param.rand_skip
        if param.selective_list:
            self.selection, self.shuffle = read_selection(spec, "data_param"), param.selective_list_shuffle
        return self.records.read(0, 1)[0]

    def epoch_size(self) -> int:
        """The number of records. Reads all keys once where the database does not know it."""
        return len(self.selection) or self.records.size() or self.records.count()

    def items(self, number: int, records: Records | None = None) -> list[Item]:
        """The items of this rank's batch ``number``, or those with the same indices in another database."""
        records = records or self.records
        if self.selection:
            return [(key, records.value(key)) for key, _ in self._chosen(number)]
        if not self.shuffle:
            return records.read(self.first_item(number) + self.skipped_items(), self.batch_size)
        return records.pick(self.indices(number, records.count()))

    def _chosen(self, number: int) -> list[tuple[bytes, float]]:
        return [self.selection[index] for index in self.indices(number, len(self.selection))]

    def labels_of(self, number: int) -> list[float]:
        """The labels that a ``selective_list`` has for the items of batch ``number``; none without a list."""
        return [label for _, label in self._chosen(number)] if self.selection else []

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


def read_selection(spec: LayerDefinition, param: str) -> list[tuple[bytes, float]]:
    """Keys and labels of the ``selective_list`` in message ``param``, of HD-CNN's fork. Raises `SpecError` for a bad line."""
    at = param, "selective_list"
    path, found = spec.resolve(getattr(spec.message, param).selective_list, *at), []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        key, _, label = line.strip().partition(" ")
        try:
            found.append((key.encode(), float(int(label))))
        except ValueError:
            raise spec.refuse(f"reads `{path}`, whose line {number} is not a key and a label", *at) from None
    if not found:
        raise spec.refuse(f"reads `{path}`, which lists no records", *at)
    return found


def find_database(spec: LayerDefinition, backend: messages.DataParameter.DB, param: str, field: str) -> Records:
    """The database that ``field`` of the layer's message ``param`` names. Raises `SpecError` if there is nothing."""
    path = spec.resolve(getattr(getattr(spec.message, param), field), param, field)
    return (LmdbRecords if backend == messages.DataParameter.LMDB else LeveldbRecords)(path)
