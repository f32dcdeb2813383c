"""`VideoDataSeg`: volumes with a class for each voxel, as folders of grey images. Of ljpadam's Caffe-3D."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netdef.data.images.image_file import read_deep_grey
from netdef.data.images.list_file import read_paths
from netdef.data.images.resize import read_new_size, resize
from netdef.data.images.transform import Transform
from netdef.data.layers.image_pairs import ImagePairFeed, check_alike, transform_pair
from netdef.data.text_lines import locate
from netdef.errors import FileError, NetdefError
from netdef.layers.core.checks import check_positive
from netdef.layers.core.registry import register

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_PARAM = "video_data_param"


@register("VideoDataSeg")
class VideoDataSeg(ImagePairFeed):
    """Tops ``data`` and ``label``, both (batch, 1, ``new_length``, height, width).

    ``source`` lists a folder of images, the number of the first one, and a folder of labels a line, with ``root_folder``
    before both: slices ``img_7.png`` and ``label_7.png``, grey, of 8 or 16 bits. They are resized to ``new_height`` x
    ``new_width``, linearly, labels by nearest neighbours. All slices of both are cropped and mirrored alike; mean and scale
    apply to the images only. (The fork resizes labels linearly, draws their crops apart and scales them, too; it subtracts
    mean values from 16 bits only.)
    """

    def __init__(self, spec: LayerDefinition):
        param = spec.message.video_data_param
        source = spec.resolve(param.source, _PARAM, "source")
        super().__init__(spec, param.batch_size, shuffle=param.shuffle, rand_skip=param.rand_skip, source=source)
        check_positive(spec, param.new_length, _PARAM, "new_length")
        self.transform = Transform(spec)
        self.size = read_new_size(spec, param, _PARAM)
        self.length, self.root = param.new_length, param.root_folder
        self.entries = read_paths(source, 3)
        self.set_shapes_by_first(spec)

    def arrays(self, entry: tuple[str, ...], random: np.random.Generator) -> tuple[np.ndarray, ...]:
        folder, first, labels = entry
        try:
            numbers = range(int(first), int(first) + self.length)
        except ValueError:
            raise FileError(f"{self.source}: `{first}` between `{folder}` and `{labels}` is no number of a slice") from None
        volume = self._slices(f"{folder}/img", numbers, "LINEAR")
        classes = self._slices(f"{labels}/label", numbers, "NEAREST")
        check_alike(volume, classes)
        data, label = transform_pair(self.transform, volume, classes, random)
        return data[None], label[None]

    def _slices(self, start: str, numbers: range, mode: str) -> np.ndarray:
        """The images of so many slices (slices, rows, columns)."""
        paths = [locate(f"{self.root}{start}_{number}.png", self.folders, self.source) for number in numbers]
        images = [read_deep_grey(path) for path in paths]
        if any(self.size):
            images = [resize(image, *self.size, mode) for image in images]
        for number, image in zip(numbers, images):
            if image.shape != images[0].shape:
                raise NetdefError(f"has slices of several sizes: `{start}_{numbers[0]}.png` is of {images[0].shape[1:]}, "
                                  f"`{start}_{number}.png` of {image.shape[1:]}; give `new_height` and `new_width`")
        return np.concatenate(images)
