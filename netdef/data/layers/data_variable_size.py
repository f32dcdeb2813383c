"""DataVariableSize: batches of images of different sizes from a database. HD-CNN (Yan et al. 2015, stephenyan1231)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netdef.data.databases.records import Item
from netdef.data.images.datum import datum_array, parse_datum
from netdef.data.images.decode_threads import decode_each
from netdef.data.images.random_size import SquareOrShorterSide
from netdef.data.layers.database_feed import DatabaseFeed, find_database, read_selection
from netdef.errors import NetdefError
from netdef.layers.core.arity import exactly
from netdef.layers.core.registry import register
from netdef.schema import messages

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_PARAM = "data_variable_size_param"


@register("DataVariableSize")
class DataVariableSize(DatabaseFeed):
    """Tops ``data`` (batch, channels, height, width), the images' sizes (batch, 1, 1, 2), and ``label`` (batch,).

    ``data`` is as high and as wide as the highest and the widest image of the batch, and 0 below and to the right of the others.
    Images are resized as in `Data` with HD-CNN's ``resize_short_side_min`` or ``resize_size``; ``mean_value`` is subtracted, and
    ``scale`` multiplied. ``mirror`` mirrors every second image of TRAIN on average. ``crop_size`` and the rest have no effect.
    """

    n_tops = exactly(3)

    def __init__(self, spec: LayerDefinition):
        param, transform = spec.message.data_variable_size_param, spec.message.transform_param
        super().__init__(spec, param.batch_size)
        self.records, self.rand_skip = find_database(spec, param.backend, _PARAM, "source"), param.rand_skip
        if param.selective_list:
            self.selection, self.shuffle = read_selection(spec, _PARAM), param.selective_list_shuffle
        self.resize = SquareOrShorterSide.of(spec)
        self.scale, self.most = np.float32(transform.scale), param.max_pixel_num
        self.mirror = transform.mirror and spec.phase == "TRAIN"
        self.means = np.array(transform.mean_value, np.float32)[:, None, None]
        first = self.records.read(0, 1)[0]
        image = self.image(first, self.datum(first), np.random.default_rng(0))
        self.channels = len(image)
        if len(self.means) not in (1, self.channels):
            raise spec.refuse(f"has {len(self.means)} `mean_value`; for images of {self.channels} channels it wants 1 or "
                              f"{self.channels}", "transform_param", "mean_value")
        self.set_shapes(spec, image.shape, (1, 1, 2), ())
        self.work_ahead(1)

    def batch(self, number: int) -> dict[str, np.ndarray]:
        items, first = self.items(number), self.first_item(number)
        datums = [self.datum(item) for item in items]
        images: list[np.ndarray] = [np.empty(0)] * len(items)

        def make(index: int) -> None:
            random = self.generator("size", first + index)
            image = self.image(items[index], datums[index], random).astype(np.float32)
            images[index] = image[..., ::-1] if self.mirror and random.random() < 0.5 else image

        decode_each(make, range(len(items)))
        sizes = [image.shape[1:] for image in images]
        height, width = np.max(sizes, 0)
        data = np.zeros((len(items), self.channels, height, width), np.float32)
        for target, item, image, (rows, columns) in zip(data, items, images, sizes):
            with self.naming(item):
                if len(image) != self.channels:
                    raise NetdefError(f"has {len(image)} channels, the first of {self.records.path} {self.channels}")
            target[:, :rows, :columns] = (image - self.means) * self.scale
        labels = self.labels_of(number) or [datum.label for datum in datums]
        return dict(zip(self.tops, (data, np.array(sizes, np.float32)[:, None, None], np.array(labels, np.float32))))

    def datum(self, item: Item) -> messages.Datum:
        """The item's datum. Raises `FileError` that names the item if it is none."""
        with self.naming(item):
            return parse_datum(item[1])

    def image(self, item: Item, datum: messages.Datum, random: np.random.Generator) -> np.ndarray:
        """The image of a datum, resized. Raises `FileError` if it has more than ``max_pixel_num`` places."""
        with self.naming(item):
            image = datum_array(datum)
            if self.resize:
                image = self.resize.apply(image, random)
            _, height, width = image.shape
            if height * width > self.most:
                raise NetdefError(f"is of {height} x {width} pixels, more than the `max_pixel_num` {self.most} of layer "
                                  f"`{self.name}` (DataVariableSize)")
            return image
