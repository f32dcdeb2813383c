"""`ImageLabelData`: images with label images, from two lists of files or from two databases. Of caffe-jacinto."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from netdef.data.databases.records import Item, Records
from netdef.data.images.datum import datum_array, parse_datum
from netdef.data.images.decode_threads import decode_each
from netdef.data.images.list_file import read_paths
from netdef.data.images.pair_changes import NO_BOXES, PairChanges, mirrored, moved
from netdef.data.images.transform import Transform
from netdef.data.layers.database_feed import DatabaseFeed, find_database
from netdef.data.layers.image_pairs import ImagePairFeed, check_alike, resize_pair, transform_drawn_pair, transform_pair
from netdef.errors import FileError, NetdefError
from netdef.layers.core.arity import exactly
from netdef.layers.core.registry import register

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_PARAM = "image_label_data_param"


@register("ImageLabelData")
class ImageLabelData(ImagePairFeed):
    """Tops ``data`` and ``label``, from two lists of one path a line each. Versions up to 0.15.

    Sides are brought to ``size_min`` (the shorter one) and ``size_max`` (the longer one), then with a chance of
    ``scale_prob`` scaled by a number from ``scale_min`` to ``scale_max``: images by cubic interpolation when they grow,
    by areas when they shrink, labels by nearest neighbours (the fork interpolates both linearly for ``size_*``). Images
    smaller than the crop are reflected at their borders (or filled with zeros, by ``padding``), where their labels are 255;
    before that, ``label_slice { offset }`` adds as much on each side. Both are cropped and mirrored by ``transform_param``;
    its mean and scale apply to the image only. ``label_slice`` then takes ``dim`` labels, each ``stride``-th, from ``offset``
    on. The changes of `PairChanges`, of caffe-tvg, come before sizes change, and rotation before the crop. There, labels may
    have ``num_channels``.
    """

    def __init__(self, spec: LayerDefinition):
        param = spec.message.image_label_data_param
        source = spec.resolve(param.image_list_path, _PARAM, "image_list_path")
        super().__init__(spec, param.batch_size, shuffle=param.shuffle, rand_skip=param.rand_skip, source=source)
        self.transform = Transform(spec)
        labels = spec.resolve(param.label_list_path, _PARAM, "label_list_path")
        images, others = self.lines(source), self.lines(labels)
        if len(images) != len(others):
            raise FileError(f"{source}: lists {len(images)} images, and {labels} lists {len(others)} label images")
        self.entries = [(*image, *label) for image, label in zip(images, others)]
        same = not param.image_dir and not param.label_dir
        self.prefixes = (param.data_dir, param.data_dir) if same else (param.image_dir, param.label_dir)
        self.least, self.most = param.size_min, param.size_max
        self.chance, self.range = param.scale_prob, (param.scale_min, param.scale_max)
        if not 0 < self.range[0] <= self.range[1]:
            raise spec.refuse(f"scales by {self.range[0]:g} to {self.range[1]:g}; wanted are 0 < scale_min <= scale_max",
                              _PARAM, "scale_min")
        self.changes = PairChanges(spec)
        self.color_labels, self.pad_centre = param.num_channels > 1, param.pad_centre
        self.reflects = param.Padding.Name(param.padding) == "REFLECT"
        self.slice = _label_slice(spec)
        self.set_shapes_by_first(spec)

    def arrays(self, entry: tuple[str, ...], random: np.random.Generator) -> tuple[np.ndarray, ...]:
        data, label, _ = self.changed(*self.read_pair(entry), NO_BOXES, random)
        return data, self.sliced(label)

    def lines(self, path: Path) -> list[tuple[str, ...]]:
        """The paths that a list has, one a line."""
        return read_paths(path, 1)

    def read_pair(self, entry: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
        """The image and the labels of an entry."""
        image, label = self.read(self.prefixes[0] + entry[0], True), self.read(self.prefixes[1] + entry[1], self.color_labels)
        check_alike(image, label)
        return image, label

    def changed(
        self, image: np.ndarray, label: np.ndarray, boxes: np.ndarray, random: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The image, its labels and its boxes after all changes, cropped; boxes may reach beyond the crop."""
        image = self.changes.colours(image, random)
        image, label = _resized(image, label, *self._bounded(*image.shape[1:]))
        if random.random() < self.chance:
            factor = random.uniform(*self.range)
            height, width = (max(round(side * factor), 1) for side in image.shape[1:])
            image, label = _resized(image, label, height, width)
        if self.changes.scales:
            height, width, boxes = self.changes.scaled(image.shape[1:], boxes, random)
            image, label = _resized(image, label, height, width)
        around = self._around(image.shape[1:])
        image = np.pad(image, around, "reflect") if self.reflects else np.pad(image, around)
        label = np.pad(label, around, constant_values=255)
        boxes = moved(boxes, around[2][0], around[1][0])
        image, label, boxes = self.changes.turned(image, label, boxes, random)
        draws = self.transform.draws(random, 1)
        window = self.transform.window(image.shape[1:], draws[0, 1:].tolist())
        boxes = moved(boxes, -window[2].start, -window[1].start)
        data, label = transform_drawn_pair(self.transform, image, label, draws)
        return data, label, mirrored(boxes, data.shape[2]) if self.transform.mirror and draws[0, 0] < 0.5 else boxes

    def sliced(self, label: np.ndarray) -> np.ndarray:
        """The labels that ``label_slice`` takes."""
        if not self.slice:
            return label
        rows, columns = self.slice
        if rows.stop > label.shape[1] or columns.stop > label.shape[2]:
            raise NetdefError(f"has labels of {label.shape[1]} x {label.shape[2]}; `label_slice` reaches to "
                              f"{rows.stop} x {columns.stop}")
        return label[:, rows, columns]

    def _bounded(self, height: int, width: int) -> tuple[int, int]:
        """The sizes within ``size_min`` and ``size_max``, with the same aspect ratio if both limits allow it."""
        short, long = min(height, width), max(height, width)
        if not ((self.least and short < self.least) or (self.most and long > self.most)):
            return height, width

        def clip(size: int) -> int:
            return max(min(size, self.most or size), self.least)

        if self.least:  # the shorter side leads, else the longer one
            lead = clip(short)
            other = clip(round(lead * long / short))
            return (other, lead) if width < height else (lead, other)
        lead = clip(long)
        other = clip(round(lead * short / long))
        return (other, lead) if width > height else (lead, other)

    def _around(self, sizes: tuple[int, ...]) -> list[tuple[int, int]]:
        """The padding before and after each of the three axes, for the slice and then for the crop."""
        around = [(0, 0)]
        for axis, size in enumerate(sizes):
            border = self.slice[axis].start if self.slice else 0
            missing = max((self.transform.crop[axis] if self.transform.crop else 0) - size - 2 * border, 0)
            before = missing // 2 if self.pad_centre else 0
            around.append((border + before, border + missing - before))
        return around


@register("ImageLabelListData")
class ImageLabelListData(ImageLabelData):
    """`ImageLabelData` under its name in versions 0.15 and 0.16."""


@register("ImageLabelData", when=lambda spec: spec.message.image_label_data_param.HasField("backend"))
class ImageLabelDatabases(DatabaseFeed):
    """Tops ``data`` and ``label`` from two databases of Datums with the same order of items. Versions from 0.16 on.

    ``transform_param`` crops and mirrors both alike; mean and scale apply to the image only (the fork scales labels, too).
    """

    n_tops = exactly(2)

    def __init__(self, spec: LayerDefinition):
        param = spec.message.image_label_data_param
        super().__init__(spec, param.batch_size)
        self.transform = Transform(spec)
        self.shuffle, self.rand_skip = param.shuffle, param.rand_skip
        self.records = find_database(spec, param.backend, _PARAM, "image_list_path")
        self.labels: Records = find_database(spec, param.backend, _PARAM, "label_list_path")
        first = self.pair(self.records.read(0, 1)[0], self.labels.read(0, 1)[0], np.random.default_rng(0))
        self.set_shapes(spec, *(array.shape for array in first))
        self.work_ahead(spec.message.data_param.prefetch)

    def batch(self, number: int) -> dict[str, np.ndarray]:
        first = self.first_item(number)
        images, labels = self.items(number), self.items(number, self.labels)
        made = decode_each(
            lambda index: self.pair(images[index], labels[index], self.generator("pair", first + index)), range(len(images)))
        return {top: np.stack(arrays).astype(np.float32) for top, arrays in zip(self.tops, zip(*made))}

    def pair(self, image: Item, label: Item, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """An image and its labels, cropped and mirrored alike."""
        with self.naming(image):
            pixels = datum_array(parse_datum(image[1]), self.transform.color)
            classes = datum_array(parse_datum(label[1]), None)
            if len(classes) != 1:
                raise NetdefError(f"has labels of {len(classes)} channels in {self.labels.path}; it wants 1")
            check_alike(pixels, classes)
            return transform_pair(self.transform, pixels, classes, random)

    def close(self) -> None:
        super().close()
        self.labels.close()


def _resized(image: np.ndarray, label: np.ndarray, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    grows = height + width > sum(image.shape[1:])
    return resize_pair(image, label, height, width, "CUBIC" if grows else "AREA")


def _label_slice(spec: LayerDefinition) -> tuple[slice, slice] | None:
    """The rows and columns of the labels that ``label_slice`` takes."""
    param = spec.message.image_label_data_param
    if not param.HasField("label_slice"):
        return None
    given = param.label_slice
    dims, strides, offsets = list(given.dim), list(given.stride) or [1, 1], list(given.offset) or [0, 0]
    if not len(dims) == len(strides) == len(offsets) == 2 or min(dims + strides) < 1:
        raise spec.refuse(f"takes `dim` {dims}, `stride` {strides} and `offset` {offsets}; give each twice, for rows and "
                          "columns, `dim` and `stride` above 0", _PARAM, "label_slice")
    rows, columns = (slice(o, o + (d - 1) * s + 1, s) for d, s, o in zip(dims, strides, offsets))
    return rows, columns
