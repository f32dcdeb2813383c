"""`Data`: images and labels from a database of Datums."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from netdef.data.databases.records import Item
from netdef.data.images.datum import datum_array, parse_datum
from netdef.data.images.decode_threads import decode_each
from netdef.data.images.kept_images import Indices, KeptImages
from netdef.data.images.transform import Transform
from netdef.data.layers.database_feed import DatabaseFeed
from netdef.errors import NetdefError, warn_at
from netdef.layers.core.arity import at_least
from netdef.layers.core.registry import register
from netdef.schema import messages

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

# Values that a raw batch must have to be made in a thread. Making a smaller one takes well under a millisecond (0.15 to
# 0.25 ms for 64 digits of MNIST, 2 to 3% of LeNet's step on two cores), and a thread waits longer than that for its turn.
_WORTH_A_THREAD = 1 << 20

_NOT_DRAWN = np.empty((0, 3))


@register("Data")
class Data(DatabaseFeed):
    """Tops ``data`` (batch, channels, height, width) and, if asked for, ``label`` (batch,).

    With further tops, of bogger's fork of 2014, datums have a float for each of them: labels are (batch, 1, 1, 1).

    Batches of encoded images, and large ones, are made in the background, ``prefetch`` ahead. Otherwise the raw images of an
    LMDB are read and parsed once and kept, if they take at most 256 MiB.
    """

    n_tops = at_least(1)
    kept: KeptImages | None = None

    def __init__(self, spec: LayerDefinition):
        param = spec.message.data_param
        super().__init__(spec, param.batch_size)
        self.transform = Transform(spec)
        for field in ("scale", "mean_file", "crop_size", "mirror"):
            if param.HasField(field):
                warn_at(spec.span("data_param", field),
                        f"layer `{self.name}`: data_param `{field}` does nothing; transform_param has it")
        first = self.open_database(spec)
        self.color = True if param.force_encoded_color else self.transform.color
        datum = self.parse(first)
        with self.naming(first):
            image = self.transform.changed(datum_array(datum, self.color), np.random.default_rng(0))
        if self.color is not None and not datum.encoded:
            warnings.warn(f"layer `{self.name}`: forcing colour or grey does nothing to the raw datums of {self.records.path}",
                          stacklevel=2)
        self.several = len(spec.tops) > 2
        labels: list[tuple[int, ...]] = [()]
        if self.several and self.selection:
            raise spec.refuse("reads records of a list, which has one label for each, and has several tops for labels", "top", 2)
        if self.several:
            labels = [(1, 1, 1)] * (len(spec.tops) - 1)
            self.labels([first])
        self.set_shapes(spec, self.transform.check(spec, image.shape), *labels)
        if datum.encoded or math.prod(self.shapes[self.tops[0]]) >= _WORTH_A_THREAD:
            self.work_ahead(param.prefetch)
        elif not (self.transform.changes or self.transform.batch_size or self.selection or self.several):
            self.kept = KeptImages.of(self.records.size(), image)

    def batch(self, number: int) -> dict[str, np.ndarray]:
        first = self.first_item(number)
        indices = self._kept_indices(number, self.kept.count) if self.kept else ()
        if self.kept and (found := self.kept.get(indices)):
            return dict(zip(self.tops, (self._transformed(found[0], first), found[1])))
        items = self.items(number)
        datums = [self.parse(item) for item in items]
        if self.several:
            return dict(zip(self.tops, (self.images(items, datums, first), *self.labels(items))))
        labels = np.array(self.labels_of(number) or [datum.label for datum in datums], np.float32)
        if self.kept and (values := raw_values(datums)):
            self.kept.keep(indices, _array(values, datums[0]), labels)
        return dict(zip(self.tops, (self.images(items, datums, first), labels)))

    def labels(self, items: Sequence[Item]) -> np.ndarray:
        """The labels of items, (labels, items, 1, 1, 1). Raises `FileError` if an item has another number than there are tops."""
        found = []
        for item in items:
            labels = messages.DatumLabels.FromString(bytes(item[1])).label
            with self.naming(item):
                if len(labels) != len(self.tops) - 1:
                    raise NetdefError(
                        f"has {len(labels)} labels, and layer `{self.name}` (Data) {len(self.tops) - 1} tops for them")
            found.append(labels)
        return np.array(found, np.float32).T[..., None, None, None]

    def _kept_indices(self, number: int, count: int) -> Indices:
        """The `indices` of a batch, as a slice if they are consecutive: numpy then gives a view and no copy."""
        indices = self.indices(number, count)
        if self.shuffle or indices[-1] - indices[0] != len(indices) - 1:
            return indices
        return slice(indices[0], indices[-1] + 1)

    def images(self, items: Sequence[Item], datums: Sequence[messages.Datum], first: int) -> np.ndarray:
        """The transformed images of a batch that begins at item ``first`` of the endless sequence."""
        def image_of(index: int) -> np.ndarray:
            return self.transform.changed(datum_array(datums[index], self.color), self.generator("size", first + index))

        with self.naming(items[0]):
            head = image_of(0)
            values = None if self.transform.changes else raw_values(datums)
            if values:
                return self._transformed(self._raw_images(values, datums[0]), first)
        shape = self.transform.shape(head.shape)
        if self.transform.batch_size and datums[0].encoded:  # raw ones keep their sizes, as in the fork
            shape = (shape[0], *self.transform.batch_size.sides(self.generator("batch size", first // self.batch_size)))
        out = np.empty((len(datums), *shape), np.float32)
        draws = self._draws(first)

        def fill(index: int) -> None:
            one = slice(index, index + 1)
            with self.naming(items[index]):
                self.transform.into(out[one], (image_of(index) if index else head)[None], draws[one])

        if datums[0].encoded or self.transform.changes:
            decode_each(fill, range(len(datums)))
        else:  # raw ones of different sizes: not worth threads
            for index in range(len(datums)):
                fill(index)
        return out

    def _transformed(self, images: np.ndarray | list[np.ndarray], first: int) -> np.ndarray:
        """The images of the batch that begins at item ``first``, raw and of one shape, transformed."""
        out = np.empty((len(images), *self.transform.shape(images[0].shape)), np.float32)
        self.transform.into(out, images, _NOT_DRAWN if self.transform.is_fixed else self._draws(first))
        return out

    def _draws(self, first: int) -> np.ndarray:
        """The random numbers of the batch that begins at item ``first``."""
        return self.transform.draws(self.generator("transform", first // self.batch_size), self.batch_size)

    def _raw_images(self, values: Sequence[bytes], datum: messages.Datum) -> np.ndarray | list[np.ndarray]:
        """Raw images of the shape of a datum, as one array only where `Transform` handles them all at once."""
        if self.transform.is_fixed:
            return _array(values, datum)
        return [np.frombuffer(value, np.uint8).reshape(datum.channels, datum.height, datum.width) for value in values]

    def parse(self, item: Item) -> messages.Datum:
        """The item's datum. Raises `FileError` that names the item if it is none."""
        with self.naming(item):
            return parse_datum(item[1])


def _array(values: Sequence[bytes], datum: messages.Datum) -> np.ndarray:
    """Raw images of the shape of a datum as one array (N, C, H, W)."""
    return np.frombuffer(b"".join(values), np.uint8).reshape(-1, datum.channels, datum.height, datum.width)


def raw_values(datums: Sequence[messages.Datum]) -> list[bytes] | None:
    """The bytes of raw datums of one shape, or None if they are anything else."""
    shape = datums[0].channels, datums[0].height, datums[0].width
    size = math.prod(shape)
    values = [datum.data for datum in datums if not datum.encoded]
    alike = all((datum.channels, datum.height, datum.width) == shape for datum in datums)
    return values if size and alike and [len(value) for value in values] == [size] * len(datums) else None
