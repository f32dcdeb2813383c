"""`ImageData`: images and labels from a list of image files."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from netdef.data.feeding.feed import Feed
from netdef.data.images.decode_threads import decode_each
from netdef.data.images.image_file import read_image
from netdef.data.images.list_file import missing_hint, read_list, read_numbers, search_folders
from netdef.data.images.resize import read_new_size, resize
from netdef.data.images.transform import Transform
from netdef.data.text_lines import locate
from netdef.errors import FileError, NetdefError, warn_at
from netdef.layers.core.arity import between
from netdef.layers.core.checks import read_size, refuse_both
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_PARAM = "image_data_param"
Entry = tuple[str, int] | tuple[str, list[float]]  # a path as the list has it, and a label or several


@register("ImageData")
class ImageData(Feed):
    """Tops ``data`` (batch, channels, height, width) and, if asked for, ``label`` (batch,).

    ``source`` lists a path and a label a line. Paths, with ``root_folder`` before them, are looked up beside the list,
    beside the net, and from the working directory. With ``shuffle`` each epoch has an order of its own, a function of
    the seed and the epoch; ``rand_skip`` skips a number of images below it. As in Caffe, images of different sizes
    need ``new_height`` and ``new_width``, or a ``crop_size``, or batches of one: a batch has the size of its first image,
    and an image that cannot be read ends the run. Without a new size ``min_height`` and ``min_width``, of LRCN's fork, enlarge
    small images. ``new_dim``, of yihui-he's fork, is the length of the shorter side of each, which ``bicubic`` interpolates;
    ``short_side``, of NVIDIA's, is another, where the longer side is rounded down, and it overrules a new size.
    Batches are made in the background.

    With ``label_num``, of DMSH's fork, ``num_of_labels`` or ``num_labels`` above 1 a line has so many numbers behind the path,
    and ``label`` is (batch, numbers, 1, 1); other forks call it ``multilabel_num`` or ``label_dim``. With ``use_gps``, of
    hyojinie's fork, a line has a latitude and a longitude in degrees; two tops (batch,) have them in radians. With
    ``pair_size`` so many lines stay together in every order.
    """

    n_tops = between(1, 3)

    def __init__(self, spec: LayerDefinition):
        param = spec.message.image_data_param
        super().__init__(spec, param.batch_size)
        self.transform = Transform(spec)
        if param.raw_hdf5:
            raise spec.refuse("has `raw_hdf5`, which is not implemented; an HDF5Data layer reads HDF5 files", _PARAM, "raw_hdf5")
        self.size = read_new_size(spec, param, _PARAM)
        self.least = read_size(spec, param, "min_height", "min_width", _PARAM)
        self.shorter, self.mode = param.new_dim, "CUBIC" if param.bicubic else "LINEAR"
        if self.shorter and any(self.size):
            raise refuse_both(spec, "new_height", "new_dim", _PARAM, "new_dim")
        self.cuts: bool = param.short_side > 0
        if self.cuts:
            self.shorter, self.size = param.short_side, (0, 0)
        self.color = param.is_color
        self.shuffle = param.shuffle
        self.rand_skip = param.rand_skip
        self.source = spec.resolve(param.source, _PARAM, "source")
        labels = self._read_entries(spec)
        self.root = param.root_folder
        self.folders = search_folders(spec, self.source)
        head = self.transform.changed(self.load(self.entries[0]), np.random.default_rng(0))
        self.set_shapes(spec, self.transform.check(spec, head.shape), *labels)
        self.work_ahead(spec.message.data_param.prefetch)

    def _read_entries(self, spec: LayerDefinition) -> list[Shape]:
        """Read the list, and how its labels are given and its lines shuffled; return the shapes of an image's labels."""
        param = spec.message.image_data_param
        self.gps, self.pair = param.use_gps, param.pair_size
        count = 2 if self.gps else max(param.label_num, param.num_of_labels, param.num_labels)
        self.entries: Sequence[Entry] = read_numbers(self.source, count) if count > 1 else read_list(self.source)
        if len(spec.tops) == 3 and not self.gps:
            raise spec.refuse("takes 1 to 2 tops, the text gives 3; a third is there with `use_gps`", "top", 2)
        if not 0 < self.pair <= len(self.entries):
            raise spec.refuse(f"has `pair_size` {self.pair}; its list has {len(self.entries)} lines", _PARAM, "pair_size")
        if self.pair > 1 and self.shuffle:
            warn_at(spec.span(_PARAM, "pair_size"),
                    f"layer `{self.name}`: lines are shuffled in groups of {self.pair} as the list has them, as in xiaolonw's "
                    "fork; others first shuffle the lines of a label")
        return [(), ()] if self.gps else [(count, 1, 1)] if count > 1 else [()]

    def indices(self, number: int, count: int) -> list[int]:
        """The entries of a batch. Groups of ``pair_size`` stay together, and lines that fill none are left out."""
        if self.pair == 1 or not self.shuffle:
            return super().indices(number, count)
        first = self.first_item(number) + self.skipped_items()
        groups = count // self.pair
        return [self.shuffled(item // self.pair, groups) * self.pair + item % self.pair
                for item in range(first, first + self.batch_size)]

    def batch(self, number: int) -> dict[str, np.ndarray]:
        first = self.first_item(number)
        entries = [self.entries[index] for index in self.indices(number, len(self.entries))]
        draws = self.transform.draws(self.generator("transform", first // self.batch_size), len(entries))

        def image_of(index: int) -> np.ndarray:
            return self.transform.changed(self.load(entries[index]), self.generator("size", first + index))

        head = image_of(0)
        out = np.empty((len(entries), *self.transform.shape(head.shape)), np.float32)

        def fill(index: int) -> None:
            image = image_of(index) if index else head
            one = slice(index, index + 1)
            try:
                self.transform.into(out[one], image[None], draws[one])
            except NetdefError as error:
                hint = "" if any(self.size) else "; `new_height` and `new_width` make images of one size"
                raise FileError(f"{self.source}: image `{entries[index][0]}` {error}{hint}") from error

        decode_each(fill, range(len(entries)))
        return dict(zip(self.tops, (out, *self._labels(entries))))

    def _labels(self, entries: Sequence[Entry]) -> list[np.ndarray]:
        """The arrays of the tops behind the images."""
        labels = np.array([label for _, label in entries])
        if self.gps:
            return [np.radians(column).astype(np.float32) for column in labels.T]
        return [(labels[..., None, None] if labels.ndim > 1 else labels).astype(np.float32)]

    def epoch_size(self) -> int:
        """The number of entries of the list that an epoch has."""
        return len(self.entries) // self.pair * self.pair if self.shuffle else len(self.entries)

    def load(self, entry: Entry) -> np.ndarray:
        """Read an entry's image and resize it. Raises `FileError` with the names of the list and the image."""
        hint = missing_hint(entry[0])
        if self.root and not self.root.endswith(("/", "\\")):
            hint += "; `root_folder` stands before each path as it is: end it with `/`"
        path = locate(self.root + entry[0], self.folders, self.source, hint)
        image = read_image(path, self.color, *self.size)
        if self.shorter:
            return with_shorter_side(image, self.shorter, self.mode, self.cuts)
        return image if any(self.size) or not any(self.least) else enlarged(image, *self.least)


def with_shorter_side(image: np.ndarray, side: int, mode: str, cuts: bool = False) -> np.ndarray:
    """An image whose shorter side has this length, the other one in proportion; yihui-he's fork. ``cuts``: rounded down."""
    if cuts:
        rows, columns = (old * side // min(image.shape[1:]) for old in image.shape[1:])
        return resize(image, rows, columns, mode)
    factor = np.float32(side) / np.float32(min(image.shape[1:]))
    height, width = (math.floor(factor * np.float32(old) + np.float32(0.5)) for old in image.shape[1:])
    return resize(image, height, width, mode)


def enlarged(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """An image of which a side is too short, enlarged until the side that lacks more is long enough; LRCN's fork."""
    rows, columns = image.shape[1:]
    if rows >= height and columns >= width:
        return image
    if width - columns > height - rows:
        return resize(image, int(width / columns * rows + 0.5), width)
    return resize(image, height, int(height / rows * columns + 0.5))
