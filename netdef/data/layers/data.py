"""`Data`: images and labels from a database of Datums."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from netdef.data.databases.leveldb import LeveldbRecords
from netdef.data.databases.lmdb import LmdbRecords
from netdef.data.databases.records import Item, Records, key_text
from netdef.data.feeding.feed import Feed
from netdef.data.images.datum import datum_array, parse_datum
from netdef.data.images.decode_threads import decode_each
from netdef.data.images.transform import Transform
from netdef.errors import FileError, NetdefError
from netdef.layers.core.arity import between
from netdef.layers.core.registry import register
from netdef.schema import messages

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

# Values a batch must have for a background thread to be worth its waking up. Below, making one takes well under a
# millisecond (0.15 to 0.25 ms for 64 digits of MNIST, 2 to 3% of LeNet's step on two cores), and a thread waits
# longer than that for its turn beside the net.
_WORTH_A_THREAD = 1 << 20


@register("Data")
class Data(Feed):
    """Tops ``data`` (batch, channels, height, width) and, if asked for, ``label`` (batch,).

    Items come in key order, round and round, never shuffled, as in Caffe: shuffle when the database is made.
    ``rand_skip`` passes over a number of items below it that follows from the seed. Batches of encoded images, and
    large ones, are made in the background, ``prefetch`` ahead.
    """

    n_tops = between(1, 2)

    def __init__(self, spec: LayerDefinition):
        param = spec.message.data_param
        super().__init__(spec, param.batch_size)
        self.transform = Transform(spec)
        for field in ("scale", "mean_file", "crop_size", "mirror"):
            if param.HasField(field):
                place = spec.span("data_param", field)
                where = f"{place}: " if place else ""
                warnings.warn(f"{where}layer `{self.name}`: data_param `{field}` does nothing; transform_param has it",
                              stacklevel=2)
        path = spec.resolve(param.source, "data_param", "source")
        self.records: Records = (LmdbRecords if param.backend == messages.DataParameter.LMDB else LeveldbRecords)(path)
        self.rand_skip = param.rand_skip
        self.color = True if param.force_encoded_color else self.transform.color
        items = self.records.read(0, 1)
        (datum,) = self.parse(items)
        with self.blame(items[0]):
            image = datum_array(datum, self.color)
        if self.color is not None and not datum.encoded:
            warnings.warn(f"layer `{self.name}`: forcing colour or grey does nothing to the raw datums of {path}", stacklevel=2)
        self.promise(spec, self.transform.check(spec, image.shape), ())
        if datum.encoded or math.prod(self.shapes[self.tops[0]]) >= _WORTH_A_THREAD:
            self.work_ahead(param.prefetch)

    def batch(self, number: int) -> dict[str, np.ndarray]:
        first = self.first_item(number)
        skip = int(self.generator("rand_skip").integers(self.rand_skip)) if self.rand_skip else 0
        items = self.records.read(first + skip, self.batch_size)
        datums = self.parse(items)
        labels = np.array([datum.label for datum in datums], np.float32)
        return dict(zip(self.tops, (self.images(items, datums, first), labels)))

    def images(self, items: Sequence[Item], datums: Sequence[messages.Datum], first: int) -> np.ndarray:
        """The transformed images of a batch that begins at item ``first`` of the endless sequence."""
        transform = self.transform
        draws = transform.draws(self.generator("transform", first // self.batch_size), len(datums))
        with self.blame(items[0]):
            image = datum_array(datums[0], self.color)
            out = np.empty((len(datums), *transform.shape(image.shape)), np.float32)
            if values := raw_values(datums):
                if transform.is_fixed:
                    images = np.frombuffer(b"".join(values), np.uint8).reshape(-1, *image.shape)
                else:
                    images = [np.frombuffer(value, np.uint8).reshape(image.shape) for value in values]
                transform.into(out, images, draws)
                return out

        def fill(index: int) -> None:
            one = slice(index, index + 1)
            with self.blame(items[index]):
                transform.into(out[one], datum_array(datums[index], self.color)[None], draws[one])

        if datums[0].encoded:
            decode_each(fill, range(len(datums)))
        else:  # raw ones of different sizes: threads do not pay
            for index in range(len(datums)):
                fill(index)
        return out

    def parse(self, items: Sequence[Item]) -> list[messages.Datum]:
        """The items' datums. `FileError` names the item that holds none."""
        datums: list[messages.Datum] = []
        try:
            for _, value in items:
                datums.append(parse_datum(value))
        except NetdefError as error:
            raise self.blamed(items[len(datums)], error) from error
        return datums

    @contextmanager
    def blame(self, item: Item) -> Iterator[None]:
        """Makes complaints about an item a `FileError` that names the database and the item."""
        try:
            yield
        except NetdefError as error:
            raise self.blamed(item, error) from error

    def blamed(self, item: Item, error: NetdefError) -> FileError:
        return FileError(f"{self.records.path}: item `{key_text(item)}` {error}")

    def close(self) -> None:
        super().close()
        self.records.close()


def raw_values(datums: Sequence[messages.Datum]) -> list[bytes] | None:
    """The bytes of raw datums of one shape, or None if they are anything else."""
    shape = datums[0].channels, datums[0].height, datums[0].width
    size = math.prod(shape)
    values = [datum.data for datum in datums if not datum.encoded]
    alike = all((datum.channels, datum.height, datum.width) == shape for datum in datums)
    return values if size and alike and [len(value) for value in values] == [size] * len(datums) else None
