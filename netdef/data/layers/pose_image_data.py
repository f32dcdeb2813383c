"""`RandomImageData2`: images of people, resized, with the coordinates of their joints. Of zimenglan's fork, for poses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netdef.data.feeding.feed import Feed
from netdef.data.images.decode_threads import decode_each
from netdef.data.images.image_file import read_image
from netdef.data.images.list_file import read_paths, search_folders
from netdef.data.images.resize import resize
from netdef.data.text_lines import locate, read_text
from netdef.errors import FileError, printable
from netdef.layers.core.arity import between
from netdef.layers.core.checks import check_positive
from netdef.layers.core.registry import register

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_PARAM = "random_image_data2_param"


class _Entry(NamedTuple):
    """An image: the file that it is in, and the list that names it, with the list's folders; x and y of each joint."""

    name: str
    source: Path
    folders: tuple[Path, ...]
    joints: np.ndarray


@register("RandomImageData2")
class RandomImageData2(Feed):
    """Top ``data`` (batch, 3, H, W), and, if there are three, coordinates (batch, label_num, 1, 1) and infos (batch, 5, 1, 1).

    A line of a ``source`` has the name of an image, which ``root_folder`` stands before and ``img_ext`` behind, a word, and x
    and y of each joint. With ``is_scale_image`` its longer side becomes ``max_size`` with ``always_max_size``; else a
    ``min_size`` is drawn, and the factor is the larger of it and the shorter side over the smaller, or what makes the longer
    side ``max_size``, if that is less. Sides are cut to whole numbers. H and W are the largest of the batch, with 0 on the right
    and below; mean values are subtracted from the images, and no scale is applied. With ``mirror`` every second image is
    mirrored.

    ``parts_orders_path`` is a file with the number of joints and, for each, its index in images as they are and in mirrored ones.
    Infos are the place in the batch, the width and height in the file, the factor, and whether the image was mirrored.
    """

    n_tops = between(1, 3)

    def __init__(self, spec: LayerDefinition):
        param, transform = spec.message.random_image_data2_param, spec.message.transform_param
        super().__init__(spec, param.batch_size)
        if len(spec.tops) == 2:
            raise spec.refuse("takes 1 or 3 tops, the text gives 2", "top", 1)
        for field in ("mean_file", "crop_size"):
            if getattr(transform, field):
                raise spec.refuse(f"has a `{field}`, which its fork refuses", "transform_param", field)
        if not param.is_color:
            raise spec.refuse("has `is_color: false`, which is not implemented", _PARAM, "is_color")
        self.shuffle, self.rand_skip, self.ending = param.shuffle, param.rand_skip, param.img_ext
        self.mirror = transform.mirror
        self.means = np.array(transform.mean_value or [0], np.float32)[:, None, None]
        self._read_sizes(spec)
        self.entries = self._read_entries(spec)
        self.orders = self._read_orders(spec)
        height, width = self._size(self._image(self.entries[0]).shape, np.random.default_rng(0))[:2]
        self.set_shapes(spec, (3, height, width), (param.label_num, 1, 1), (5, 1, 1))
        self.work_ahead(spec.message.data_param.prefetch)

    def _read_sizes(self, spec: LayerDefinition) -> None:
        param = spec.message.random_image_data2_param
        self.resizes, self.always, self.longest = param.is_scale_image, param.always_max_size, param.max_size
        self.shortest = [min(size, self.longest) for size in param.min_size]
        if self.resizes:
            check_positive(spec, self.longest, _PARAM, "max_size")
            if min(self.shortest, default=0) < 1:
                raise spec.refuse(f"has `min_size` {self.shortest}; it needs one or more, of at least 1", _PARAM)

    def _read_entries(self, spec: LayerDefinition) -> list[_Entry]:
        """The lines of all lists."""
        param = spec.message.random_image_data2_param
        if len(param.source) != len(param.root_folder) or not param.source:
            raise spec.refuse(
                f"has {len(param.source)} `source` and {len(param.root_folder)} `root_folder`; give one folder a list", _PARAM)
        if param.label_num % 2 or param.label_num < 0:
            raise spec.refuse(f"has `label_num` {param.label_num}; it wants an x and a y for each joint", _PARAM, "label_num")
        entries = []
        for index, (text, root) in enumerate(zip(param.source, param.root_folder)):
            source = spec.resolve(text, _PARAM, "source", index)
            folders = search_folders(spec, source)
            for name, _, *words in read_paths(source, param.label_num + 2 if len(spec.tops) == 3 else 2):
                try:
                    joints = np.array([float(word) for word in words], np.float32).reshape(-1, 2)
                except ValueError:
                    raise FileError(f"{source}: image `{printable(name)}` has coordinates that are no numbers") from None
                entries.append(_Entry(f"{root}{name}{self.ending}", source, folders, joints))
        return entries

    def _read_orders(self, spec: LayerDefinition) -> tuple[list[int], list[int]]:
        """The indices of joints in images as they are, and in mirrored ones."""
        param = spec.message.random_image_data2_param
        path, joints = spec.resolve(param.parts_orders_path, _PARAM, "parts_orders_path"), param.label_num // 2
        try:
            count, *numbers = [int(word) for word in read_text(path).split()]
        except ValueError:
            raise FileError(f"{path}: wants whole numbers: how many joints, and two indices of each") from None
        orders = numbers[: 2 * count : 2], numbers[1 : 2 * count : 2]
        if count != joints or any(sorted(order) != list(range(joints)) for order in orders):
            raise FileError(f"{path}: has no two orders of {joints} joints, each with every index from 0 once")
        return orders

    def batch(self, number: int) -> dict[str, np.ndarray]:
        first = self.first_item(number)
        entries = [self.entries[index] for index in self.indices(number, len(self.entries))]
        made = decode_each(lambda index: self._item(entries[index], first + index), range(len(entries)))
        sides = [max(image.shape[axis] for image, _, _ in made) for axis in (1, 2)]
        data = np.zeros((len(made), 3, *sides), np.float32)
        for out, (image, _, _) in zip(data, made):
            out[:, : image.shape[1], : image.shape[2]] = image
        joints = np.stack([joints.reshape(-1, 1, 1) for _, joints, _ in made])
        infos = np.array([(index, *info) for index, (_, _, info) in enumerate(made)], np.float32)[..., None, None]
        return dict(zip(self.tops, (data, joints, infos)))

    def _item(self, entry: _Entry, item: int) -> tuple[np.ndarray, np.ndarray, tuple[float, ...]]:
        """Image, joints and infos of an item of the endless sequence."""
        random = self.generator("pose", item)
        image = self._image(entry)
        mirrored = self.mirror and bool(random.random() < 0.5)
        rows, columns = image.shape[1:]
        height, width, factor = self._size(image.shape, random)
        image = resize(image, height, width)
        image = (image[..., ::-1] if mirrored else image).astype(np.float32) - self.means
        joints = entry.joints[self.orders[mirrored]] if len(entry.joints) else entry.joints
        if mirrored:
            joints = np.stack((columns - joints[:, 0] - 1, joints[:, 1]), 1)
        return image, (joints * factor).astype(np.float32), (columns, rows, float(factor), float(mirrored))

    def _size(self, shape: tuple[int, ...], random: np.random.Generator) -> tuple[int, int, np.float32]:
        """The height and width of an image of a shape (3, rows, columns) when it is resized, and the factor."""
        short, long = sorted(shape[1:])
        factor = np.float32(1)
        if self.resizes and self.always:
            factor = np.float32(self.longest) / np.float32(long)
        elif self.resizes:
            least = int(random.choice(self.shortest))
            factor = np.float32(max(least, short)) / np.float32(min(least, short))
            if factor * np.float32(long) > self.longest:
                factor = np.float32(self.longest) / np.float32(long)
        height, width = (int(np.float32(side) * factor) for side in shape[1:])
        return height, width, factor

    def _image(self, entry: _Entry) -> np.ndarray:
        return read_image(locate(entry.name, entry.folders, entry.source), True)

    def epoch_size(self) -> int:
        """The number of images of all lists."""
        return len(self.entries)
