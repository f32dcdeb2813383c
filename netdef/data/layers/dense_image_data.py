"""`DenseImageData`: images with label images, from a list of both. Of SegNet's fork, Badrinarayanan et al. 2015."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netdef.data.images.geometry import turned
from netdef.data.images.list_file import read_paths
from netdef.data.images.resize import read_new_size, resize
from netdef.data.images.transform import Transform
from netdef.data.layers.image_pairs import ImagePairFeed, check_alike
from netdef.errors import NetdefError
from netdef.layers.core.checks import read_size
from netdef.layers.core.registry import register

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_PARAM = "dense_image_data_param"


@register("DenseImageData")
class DenseImageData(ImagePairFeed):
    """Tops ``data`` and ``label``; the labels are the grey values of the label image as they are.

    ``source`` lists the paths of an image and of its labels a line. Both are resized to ``new_height`` x ``new_width``
    (labels by nearest neighbours; in ENet's fork to that over ``label_divide_factor``), mirrored at random if ``mirror``,
    and cropped to ``crop_height`` x ``crop_width``: at a random place in TEST, too, as in the fork. The mean and scale of
    ``transform_param`` apply to the image only. Its ``mirror`` and crop are refused: in ENet's fork they would not reach the
    labels. ``noise_param`` and the ``distort_param`` of jolibrain's fork (DeepDetect) change the image last; with its
    ``rotate`` of ``dense_image_data_param`` both are turned before they are cropped.
    """

    def __init__(self, spec: LayerDefinition):
        param, transform = spec.message.dense_image_data_param, spec.message.transform_param
        source = spec.resolve(param.source, _PARAM, "source")
        super().__init__(spec, param.batch_size, shuffle=param.shuffle, rand_skip=param.rand_skip, source=source)
        self.transform = Transform(spec)
        if self.transform.mirror or self.transform.crop:
            field = "mirror" if self.transform.mirror else "crop_size"
            raise spec.refuse(f"has a `{field}` in transform_param, which would not reach the labels; {_PARAM} has "
                              "`mirror`, `crop_height` and `crop_width`", "transform_param",
                              *([field] if transform.HasField(field) else []))
        self.size = read_new_size(spec, param, _PARAM)
        self.crop = read_size(spec, param, "crop_height", "crop_width", _PARAM)
        self.divisor: int = param.label_divide_factor
        if not self.divisor or (self.divisor > 1 and (any(self.crop) or not any(self.size))):
            raise spec.refuse(f"has a `label_divide_factor` of {self.divisor}; it must be 1, or go with `new_height` and "
                              "`new_width` and no crop", _PARAM, "label_divide_factor")
        self.turns: bool = param.rotate
        self.mirror, self.color, self.root = param.mirror, param.is_color, param.root_folder
        self.entries = read_paths(source, 2)
        self.set_shapes_by_first(spec)

    def arrays(self, entry: tuple[str, ...], random: np.random.Generator) -> tuple[np.ndarray, ...]:
        image, label = self.read(self.root + entry[0], self.color), self.read(self.root + entry[1], False)
        if any(self.size):
            (height, width), divisor = self.size, self.divisor
            image, label = resize(image, height, width), resize(label, height // divisor, width // divisor, "NEAREST")
        if self.divisor == 1:
            check_alike(image, label)
        mirror, *corner = random.random(3)
        if self.mirror and mirror < 0.5:
            image, label = image[..., ::-1], label[..., ::-1]
        if self.turns:
            quarters = int(random.integers(4))
            image, label = turned(image, quarters), turned(label, quarters)
        if any(self.crop):
            spare = [side - wanted for side, wanted in zip(image.shape[1:], self.crop)]
            if min(spare) < 0:
                raise NetdefError(f"of {image.shape[1]} x {image.shape[2]} cannot be cropped to "
                                  f"{self.crop[0]} x {self.crop[1]}")
            top, left = (int(place * (room + 1)) for place, room in zip(corner, spare))
            window = ..., slice(top, top + self.crop[0]), slice(left, left + self.crop[1])
            image, label = image[window], label[window]
        image = self.transform.changed(image, random)
        data = np.empty(image.shape, np.float32)
        self.transform.into(data[None], image[None], self.transform.draws(random, 1))
        return data, label
