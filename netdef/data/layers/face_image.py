"""`FaceImage`: gray images of faces, cut out around a centre. Of Label85, JoeFannie's fork."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from netdef.data.images.list_file import read_paths
from netdef.data.images.resize import resize
from netdef.data.images.transform import Transform
from netdef.data.layers.image_pairs import ImagePairFeed
from netdef.errors import FileError, NetdefError, printable
from netdef.layers.core.arity import exactly
from netdef.layers.core.registry import register

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_PARAM = "face_image_param"


@register("FaceImage")
class FaceImage(ImagePairFeed):
    """Tops ``data``, gray, and ``label``, (batch,).

    A line of ``source`` has an image, x and y of the centre of a face, the same for when it is mirrored, and a label. Around the
    centre ``crop_width`` x ``crop_height`` pixels, an odd number less one, are cut out, beyond the image mirrored at its last
    pixel, and resized to the crop. In TRAIN the centre moves at random by up to ``rand_shift`` each way, and the sides change by
    up to ``rand_s_width`` and ``rand_s_height``; with ``rand_noise`` half of the images get another contrast, of 0.5 to 1.5
    times, and brightness, by up to 50, twice, and each pixel a number up to ``rand_noise`` either way. ``mirror`` turns half of
    the images in TRAIN and all in TEST. The mean is of the crop, as it is not mirrored. Without a crop the image is as it is.
    """

    n_tops = exactly(2)

    def __init__(self, spec: LayerDefinition):
        param, transform = spec.message.face_image_param, spec.message.transform_param
        source = spec.resolve(param.source, _PARAM, "source")
        super().__init__(spec, param.batch_size, shuffle=param.shuffle, rand_skip=param.rand_skip, source=source)
        if param.triplet_ver:
            raise spec.refuse("has `triplet_ver`, batches of triplets, which is not implemented", _PARAM, "triplet_ver")
        self.transform, self.train, self.root = Transform(spec), spec.phase == "TRAIN", param.root_folder
        self.reach, self.noise = (transform.rand_s_height, transform.rand_s_width, transform.rand_shift), transform.rand_noise
        if self.transform.crop and any(change >= side - 1 for change, side in zip(self.reach, self.transform.crop)):
            raise spec.refuse("changes the sides of its crop by more than these are", "transform_param", "rand_s_height")
        self.entries = read_paths(source, 6)
        for entry in self.entries:
            if not all(word.lstrip("-").isdecimal() for word in entry[1:]):
                raise FileError(f"{source}: `{printable(' '.join(entry))}` is no line of an image and five whole numbers")
        self.set_shapes_by_first(spec)
        self.transform.check(spec, self.shapes[self.tops[0]][1:])

    def arrays(self, entry: tuple[str, ...], random: np.random.Generator) -> tuple[np.ndarray, ...]:
        image = self.read(self.root + entry[0], False)
        mirrored = self.transform.mirror and (not self.train or random.integers(2) == 1)
        *centres, label = map(int, entry[1:])
        if self.transform.crop:
            x, y = centres[2:] if mirrored else centres[:2]
            image = self.cut(image, x, y, random)
            if self.train and self.noise and random.integers(2):
                contrast, shift = random.integers(50, 151) / 100, random.integers(-50, 51)
                noise = random.integers(-self.noise, self.noise + 1, image.shape)
                image = relit(image, contrast, math.trunc(shift + 100 - 100 * contrast), noise)
        data = image.astype(np.float32)
        if self.transform.mean_image is not None and self.transform.mean_image.shape == data.shape:
            data -= self.transform.mean_image
        elif len(self.transform.mean_values) == 1:
            data -= self.transform.mean_values
        data *= self.transform.scale
        return data[..., ::-1] if mirrored else data, np.float32(label)

    def cut(self, image: np.ndarray, x: int, y: int, random: np.random.Generator) -> np.ndarray:
        """The crop about a centre."""
        height, width = self.transform.crop or image.shape[1:]
        if height > image.shape[1] or width > image.shape[2]:
            raise NetdefError(f"is of {image.shape[1]} x {image.shape[2]}, smaller than the crop of {height} x {width}")
        half_height, half_width = height // 2, width // 2
        if self.train:
            of_height, of_width, shift = self.reach
            x, y = (at + random.integers(-shift, shift + 1) for at in (x, y))
            half_height = (height + random.integers(-of_height, of_height + 1)) // 2
            half_width = (width + random.integers(-of_width, of_width + 1)) // 2
        ends = [(at - half, at + half, size) for at, half, size in
                ((y, half_height, image.shape[1]), (x, half_width, image.shape[2]))]
        rows, columns = (slice(max(first, 0), max(min(last, size), 0)) for first, last, size in ends)
        window = image[:, rows, columns]
        if not window.size:
            raise NetdefError(f"has no pixels about the centre {x}, {y} of a face")
        beyond = [(max(-first, 0), max(last - size, 0)) for first, last, size in ends]
        return resize(np.pad(window, [(0, 0), *beyond], "reflect"), height, width)


def relit(image: np.ndarray, contrast: float, brightness: int, noise: np.ndarray) -> np.ndarray:
    """Bytes times and plus a number, twice, the second time with ``noise``; cut to whole numbers and to those of a byte."""
    for added in (brightness, brightness + noise):
        image = np.clip(np.trunc(image * contrast + added), 0, 255)
    return image
