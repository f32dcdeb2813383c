"""ImageData of yuqj1991's caffe_train: so many images of each of some classes, of folders, in every batch."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from netdef.data.feeding.feed import Feed
from netdef.data.images.decode_threads import decode_each
from netdef.data.images.image_file import read_image
from netdef.data.images.list_file import read_list, search_folders
from netdef.data.images.resize import read_new_size
from netdef.data.images.transform import Transform
from netdef.errors import FileError, NetdefError, printable
from netdef.layers.core.arity import exactly
from netdef.layers.core.registry import register

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_PARAM = "image_data_param"


@register("ImageData", when=lambda spec: spec.message.image_data_param.HasField("sample_num"))
class ImageClassData(Feed):
    """Tops ``data`` (batch, channels, height, width), the images of each class of the batch, and each image's label (batch,).

    ``source`` lists a folder, with ``root_folder`` and a slash before it, and a label a line. A batch has ``label_num`` classes,
    drawn anew, with ``sample_num`` images each, drawn from their folders, of which none comes twice; a class with fewer images
    has all of them, and more classes follow. A share 1 - ``probability`` of the images loses a part to the mean values: its
    sides are ``lower`` to ``higher`` of the image's, stretched by a ratio from ``min_aspect_ratio`` to ``max_aspect_ratio``
    (Zhong et al. 2017). All of this is in both phases.
    """

    n_tops = exactly(3)

    def __init__(self, spec: LayerDefinition):
        param = spec.message.image_data_param
        super().__init__(spec, param.batch_size)
        self.each, classes = param.sample_num, param.label_num
        if self.each * classes != self.batch_size:
            raise spec.refuse(f"has `batch_size` {self.batch_size}; it is `label_num` x `sample_num`, {classes} x {self.each}",
                              _PARAM, "batch_size")
        self.transform = Transform(spec)
        self.size, self.color = read_new_size(spec, param, _PARAM), param.is_color
        self.kept: float = param.probability
        self.sides = param.lower, param.higher
        self.ratios = param.min_aspect_ratio, param.max_aspect_ratio
        self._check_parts(spec)
        self.means = list(spec.message.transform_param.mean_value) or [0.0]
        self.source = spec.resolve(param.source, _PARAM, "source")
        self.classes = [(self._images(spec, f"{param.root_folder}/{folder}"), label) for folder, label in read_list(self.source)]
        if sum(min(self.each, len(images)) for images, _ in self.classes) < self.batch_size:
            raise spec.refuse(f"wants {self.batch_size} images a batch, at most {self.each} of a class; its list of "
                              f"{len(self.classes)} classes has fewer", _PARAM, "source")
        head = self.transform.changed(self._read(self.classes[0][0][0]), np.random.default_rng(0))
        self.set_shapes(spec, self.transform.check(spec, head.shape), (), ())
        self.shapes[self.tops[1]] = (classes,)
        self.work_ahead(spec.message.data_param.prefetch)

    def _check_parts(self, spec: LayerDefinition) -> None:
        """Refuse sizes of the parts that are lost, if any are."""
        if not 0 <= self.kept <= 1:
            raise spec.refuse(f"has `probability` {self.kept:g}; it is from 0 to 1", _PARAM, "probability")
        if self.kept < 1 and not (0 < self.sides[0] <= self.sides[1] <= 1 and 0 < self.ratios[0] <= self.ratios[1] < 1):
            raise spec.refuse(f"loses parts of {self.sides[0]:g} to {self.sides[1]:g} of a side, with ratios from "
                              f"{self.ratios[0]:g} to {self.ratios[1]:g}; both go up, above 0, and ratios end below 1", _PARAM)

    def _images(self, spec: LayerDefinition, name: str) -> list[Path]:
        """The files in a folder that the list names, in the order of their names."""
        for place in search_folders(spec, self.source):
            folder = place / name
            if folder.is_dir():
                files = sorted(file for file in folder.iterdir() if file.is_file() and not file.name.startswith("."))
                if files:
                    return files
        raise FileError(f"{self.source}: lists `{printable(name)}`, and there is no folder of that name with images")

    def batch(self, number: int) -> dict[str, np.ndarray]:
        first = self.first_item(number)
        random = self.generator("classes", first // self.batch_size)
        files, labels, counts = self._drawn(random)
        draws = self.transform.draws(self.generator("transform", first // self.batch_size), len(files))

        def image_of(index: int) -> np.ndarray:
            own = self.generator("image", first + index)
            return self.transform.changed(self._erased(self._read(files[index]), own), own)

        head = image_of(0)
        out = np.empty((len(files), *self.transform.shape(head.shape)), np.float32)

        def fill(index: int) -> None:
            one = slice(index, index + 1)
            try:
                self.transform.into(out[one], (image_of(index) if index else head)[None], draws[one])
            except NetdefError as error:
                raise FileError(f"{files[index]}: {error}") from error

        decode_each(fill, range(len(files)))
        return dict(zip(self.tops, (out, np.array(counts, np.float32), np.array(labels, np.float32))))

    def _drawn(self, random: np.random.Generator) -> tuple[list[Path], list[int], list[int]]:
        """The images of a batch, their labels, and how many each class has."""
        files: list[Path] = []
        labels: list[int] = []
        counts: list[int] = []
        for index in random.permutation(len(self.classes)):
            images, label = self.classes[index]
            count = min(self.each, len(images), self.batch_size - len(files))
            if not count:
                break
            files += [images[place] for place in random.permutation(len(images))[:count]]
            labels += [label] * count
            counts.append(count)
        return files, labels, counts

    def _erased(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """An image (channels, rows, columns) that may have lost a part."""
        if random.random() <= self.kept:
            return image
        side, ratio = random.uniform(*self.sides), random.uniform(*self.ratios)
        ratio = min(max(ratio, side**2), 1 / side**2)
        width, height = side * math.sqrt(ratio), side / math.sqrt(ratio)
        rows, columns = image.shape[1:]
        left, top = int(random.uniform(0, 1 - width) * columns), int(random.uniform(0, 1 - height) * rows)
        values = np.resize(self.means, image.shape[0]).astype(image.dtype)[:, None, None]
        image = image.copy()
        image[:, top : top + int(height * rows), left : left + int(width * columns)] = values
        return image

    def _read(self, file: Path) -> np.ndarray:
        return read_image(file, self.color, *self.size)
