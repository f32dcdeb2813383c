"""`ImageLabelmapData`: images with edge maps, from a list. Of HED's fork (s9xie/hed), Xie and Tu 2015."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netdef.data.images.list_file import read_paths
from netdef.data.images.resize import read_new_size, resize
from netdef.data.images.transform import Transform
from netdef.data.layers.image_pairs import ImagePairFeed, check_alike, transform_pair
from netdef.layers.core.registry import register

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_PARAM = "image_data_param"


@register("ImageLabelmapData")
class ImageLabelmapData(ImagePairFeed):
    """Tops ``data`` and ``label``; a label is 1 where the grey value of the edge map is at least 128, else 0.

    ``source`` lists the paths of an image and of its edge map a line, which are of one size. Both are resized to
    ``new_height`` x ``new_width``, linearly, then cropped and mirrored alike; mean and scale apply to the image only.
    The crop is random in TRAIN and central in TEST (in the fork also random).
    """

    def __init__(self, spec: LayerDefinition):
        param = spec.message.image_data_param
        source = spec.resolve(param.source, _PARAM, "source")
        super().__init__(spec, param.batch_size, shuffle=param.shuffle, rand_skip=param.rand_skip, source=source)
        self.transform = Transform(spec)
        self.size = read_new_size(spec, param, _PARAM)
        self.color, self.root = param.is_color, param.root_folder
        self.entries = read_paths(source, 2)
        self.set_shapes_by_first(spec)

    def arrays(self, entry: tuple[str, ...], random: np.random.Generator) -> tuple[np.ndarray, ...]:
        image, edges = self.read(self.root + entry[0], self.color), self.read(self.root + entry[1], False)
        check_alike(image, edges)
        if any(self.size):
            image, edges = resize(image, *self.size), resize(edges, *self.size)
        return transform_pair(self.transform, image, (edges >= 128).astype(np.uint8), random)
