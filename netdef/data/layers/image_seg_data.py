"""`ImageSegData`: images with label images, from a list. Of DeepLab's fork, Chen et al. 2015."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netdef.data.images.list_file import read_paths
from netdef.data.images.resize import read_new_size
from netdef.data.images.transform import Transform
from netdef.data.layers.image_pairs import ImagePairFeed, check_alike, resize_pair, transform_pair
from netdef.errors import NetdefError
from netdef.layers.core.arity import between
from netdef.layers.core.checks import check_above_zero
from netdef.layers.core.registry import register
from netdef.schema.messages import ImageSegLabels

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_PARAM = "image_data_param"


@register("ImageSegData")
class ImageSegData(ImagePairFeed):
    """Tops ``data`` and, if asked for, ``label`` and the image's original sizes (batch, 1, 1, 2), at most those of ``data``.

    ``label_type`` PIXEL: ``source`` lists an image and its labels a line; IMAGE: an image and a number, the label of all
    its places; NONE: an image, whose labels are ``ignore_label``. Both are resized to ``new_height`` x ``new_width``, by
    nearest neighbours for the labels (the fork interpolates them, too), then scaled by one of the ``scale_factors``,
    drawn for each image. Those smaller than the crop are filled below and to the right, images with the mean, labels with
    ``ignore_label``. The crop is random in TRAIN and central in TEST.
    """

    n_tops = between(1, 3)

    def __init__(self, spec: LayerDefinition):
        param, transform = spec.message.image_data_param, spec.message.transform_param
        source = spec.resolve(param.source, _PARAM, "source")
        super().__init__(spec, param.batch_size, shuffle=param.shuffle, rand_skip=param.rand_skip, source=source)
        if transform.mean_file:
            raise spec.refuse("takes no `mean_file`; give `mean_value`", "transform_param", "mean_file")
        self.transform = Transform(spec)
        self.size = read_new_size(spec, param, _PARAM)
        self.factors = list(transform.scale_factors)
        for index, factor in enumerate(self.factors):
            check_above_zero(spec, factor, "transform_param", "scale_factors", index)
        self.kind = ImageSegLabels.LabelType.Name(param.label_type)
        self.ignored, self.color, self.root = param.ignore_label, param.is_color, param.root_folder
        self.read_lists(spec)
        self.set_shapes_by_first(spec)

    def read_lists(self, spec: LayerDefinition) -> None:
        """Read ``source``: a path and, but for NONE, labels a line."""
        self.entries = read_paths(self.source, 1 if self.kind == "NONE" else 2)

    def arrays(self, entry: tuple[str, ...], random: np.random.Generator) -> tuple[np.ndarray, ...]:
        image, label = self.read_pair(entry)
        own = image.shape[1:]
        if not all(self.size):
            check_alike(image, label)
        if all(self.size):
            image, label = resize_pair(image, label, *self.size)
        if self.factors:
            factor = self.factors[random.integers(len(self.factors))]
            height, width = (max(int(side * factor), 1) for side in image.shape[1:])
            image, label = resize_pair(image, label, height, width)
        data, label = transform_pair(self.transform, *self.filled(image, label), random)
        sizes = np.minimum(own, data.shape[1:]).reshape(1, 1, 2)
        return (data, label, sizes)[: len(self.tops)]

    def read_pair(self, entry: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
        """The image and the labels of an entry."""
        image = self.read(self.root + entry[0], self.color)
        if self.kind == "PIXEL":
            return image, self.read(self.root + entry[1], False)
        value = _number(entry[1]) if self.kind == "IMAGE" else self.ignored
        return image, np.full((1, *image.shape[1:]), value, np.uint8)

    def filled(self, image: np.ndarray, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pad both to at least the size of the crop."""
        crop = self.transform.crop or image.shape[1:]
        height, width = (max(side, wanted) for side, wanted in zip(image.shape[1:], crop))
        if (height, width) == image.shape[1:]:
            return image, label
        canvas = np.zeros((len(image), height, width), np.float32)
        canvas += self.transform.mean_values if self.transform.mean_values.size else 0
        labels = np.full((1, height, width), self.ignored, np.uint8)
        inside = ..., slice(image.shape[1]), slice(image.shape[2])
        canvas[inside], labels[inside] = image, label
        return canvas, labels


def _number(word: str) -> int:
    """The label of a whole image."""
    if not word.isdecimal() or int(word) > 255:
        raise NetdefError(f"has the label `{word}`; it wants a number from 0 to 255")
    return int(word)
