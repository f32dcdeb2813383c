"""`AnnotatedData` with ``caffe_yolo``: images and label maps for YoloV2Loss and YoloV3Loss. Of Synopsys' fork."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from google.protobuf.message import DecodeError

from netdef.data.databases.records import Item
from netdef.data.images.darknet import DarknetChanges
from netdef.data.images.datum import datum_array
from netdef.data.images.decode_threads import decode_each
from netdef.data.images.distort import Distortion
from netdef.data.layers.database_feed import DatabaseFeed
from netdef.errors import NetdefError
from netdef.layers.core.arity import at_least
from netdef.layers.core.registry import register
from netdef.schema import messages

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_GRAIN = 32  # pixels a place of the first label map


@register("AnnotatedData", when=lambda spec: spec.message.transform_param.caffe_yolo)
class DarknetData(DatabaseFeed):
    """Top 0 (batch, 3, width, width), red first, and a label map for each ``side`` (batch, 7 side^2).

    In both phases each image takes a shape that differs from its own by at most ``jitter`` of the sides, and a random place on a
    grey square of the ``width`` of ``resize_param``; its hue is turned by at most ``hue_prob``, its saturation and brightness
    multiplied by a number of ``saturation_lower`` to ``saturation_upper``, ``exposure_lower`` to ``exposure_upper``, or divided
    by it; half of the images are mirrored. ``distort_param`` changes the image before, too, as in SSD's. Of ``transform_param``
    the means, ``crop_size`` and ``mirror`` are not read, there nor here.

    A map has, for all places one after another: difficult, which is always 0; whether there is a box; its class, else -1;
    and then centre and sizes of each box, in parts of the sides. A box has the place of its centre, a later one replaces it.
    The maps have 32, 16, 8, ... pixels a place. The records have the centres and sizes of boxes; of a group of boxes of which
    the last one is cut away the fork drops all, which is not done here. ``random`` sizes, which follow the solver's
    iteration, are refused.
    """

    n_tops = at_least(1)

    def __init__(self, spec: LayerDefinition):
        param, transform = spec.message.data_param, spec.message.transform_param
        super().__init__(spec, param.batch_size)
        if param.random:
            raise spec.refuse("has `random` sizes, which a data layer cannot draw: it does not know the iteration", "data_param",
                              "random")
        if transform.HasField("expand_param") or spec.message.annotated_data_param.batch_sampler:
            raise spec.refuse("has `caffe_yolo`, which goes without `expand_param` and `batch_sampler`", "transform_param",
                              "caffe_yolo")
        if transform.noise_param or transform.HasField("geometry_param") or transform.rotate:
            raise spec.refuse("has `caffe_yolo`, which goes without `noise_param`, `geometry_param` and `rotate`",
                              "transform_param", "caffe_yolo")
        self.changes, self.distortion = DarknetChanges(spec), Distortion(spec)
        self.color = True if transform.force_color else False if transform.force_gray else None
        self.sides = [self.changes.side * 2**i // _GRAIN for i in range(len(self.tops) - 1)]
        if self.sides and list(param.side) != self.sides:
            raise spec.refuse(f"has `side` {list(param.side)}; its {len(self.sides)} label maps of images of {self.changes.side} "
                              f"have {self.sides}", "data_param", "side")
        self._parse(self.open_database(spec))
        side = self.changes.side
        self.set_shapes(spec, (3, side, side), *((7 * places * places,) for places in self.sides))
        self.work_ahead(param.prefetch)

    def batch(self, number: int) -> dict[str, np.ndarray]:
        first, items = self.first_item(number), self.items(number)
        data = np.empty((len(items), *self.shapes[self.tops[0]][1:]), np.float32)

        def fill(index: int) -> list[np.ndarray]:
            random = self.generator("darknet", first + index)
            image, boxes, classes = self._parse(items[index])
            place = self.changes.place(image.shape[1], image.shape[2], random)
            data[index] = self.changes.image(self.distortion.apply(image, random)[::-1], place, random)
            boxes, stay = self.changes.boxes(boxes, place)
            return [label_map(side, boxes[stay], classes[stay]) for side in self.sides]

        maps = decode_each(fill, range(len(items)))
        return dict(zip(self.tops, (data, *(np.stack(rows) for rows in zip(*maps)))))

    def _parse(self, item: Item) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Image, boxes (M, 4) and classes of a record."""
        with self.naming(item):
            try:
                found = messages.AnnotatedDatum.FromString(item[1])
            except DecodeError as error:
                raise NetdefError(f"is not an AnnotatedDatum ({len(item[1])} bytes)") from error
            image = datum_array(found.datum, self.color)
            if len(image) != 3:
                raise NetdefError(f"has {len(image)} channels; `caffe_yolo` takes images of 3")
            rows = [(group.group_label, box.x_center, box.y_center, box.width, box.height)
                    for group in found.annotation_group for one in group.annotation for box in [one.bbox]]
            numbers = np.array(rows, np.float64).reshape(-1, 5)
            return image, numbers[:, 1:], numbers[:, 0]


def label_map(side: int, boxes: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """The label map (7 side^2) of boxes (M, 4), centre and sizes, and their classes."""
    row = np.zeros(7 * side * side, np.float32)
    _, there, kind = row[: 3 * side * side].reshape(3, -1)
    kind[:] = -1
    corners = row[3 * side * side :].reshape(-1, 4)
    for box, label in zip(boxes, classes):
        column, line = (min(int(centre * side), side - 1) for centre in box[:2])
        place = line * side + column
        there[place], kind[place], corners[place] = 1, label, box
    return row
