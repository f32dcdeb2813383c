"""SelectSegBinary and SelectSrcTgkSegBinary: windows of images with labels of some classes. TransferNet, maga33's fork."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from netdef.data.layers.image_pairs import check_alike, resize_pair, transform_pair
from netdef.data.layers.image_seg_data import ImageSegData
from netdef.data.text_lines import read_lines
from netdef.errors import FileError, NetdefError, printable
from netdef.layers.core.arity import exactly
from netdef.layers.core.checks import check_positive
from netdef.layers.core.registry import register

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition


@register("SelectSegBinary")
class SelectSegBinary(ImageSegData):
    """Tops ``data``, ``label`` and a number for each class, (batch, ``label_dim``, 1, 1).

    A line of the list has, behind an image and its labels as those of `ImageSegData`, a window, x1 y1 x2 y2 with both ends in
    it, and the numbers; a 0 at its end makes all labels ``ignore_label``. The window is cut out, beyond the image 0 and
    ``ignore_label``, and resized. Then a label is replaced by the number of its class, counted from ``cls_label_base`` + 1 on,
    or 0 without one; 0 and ``ignore_label`` stay.
    """

    n_tops = exactly(3)

    def read_lists(self, spec: LayerDefinition) -> None:
        self.classes: int = spec.message.window_cls_data_param.label_dim
        check_positive(spec, self.classes, "window_cls_data_param", "label_dim")
        if not 0 <= self.ignored < 256:
            raise spec.refuse(f"has `ignore_label` {self.ignored}; it must be from 0 to 255", "image_data_param", "ignore_label")
        self.base: int = spec.message.select_seg_binary_param.cls_label_base
        if spec.message.transform_param.scale_factors:
            raise spec.refuse("takes no `scale_factors`", "transform_param", "scale_factors")
        self.entries = self.read_entries(self.source)

    def read_entries(self, path: Path, flag: str = "1") -> list[tuple[str, ...]]:
        """The words of each line, and whether its labels are used: its own word for that, or ``flag`` if it has none."""
        paths = 1 if self.kind == "NONE" else 2
        wanted = paths + 4 + self.classes
        entries = []
        for line in read_lines(path):
            words = line.text.split()
            if len(words) == wanted:
                words.append(flag)
            if len(words) != wanted + 1 or not all(map(_is_whole, words[paths:])):
                raise FileError(f"{path}:{line.number}: `{printable(line.text)}` is no line of {paths} paths, four sides of a "
                                f"window and {self.classes} whole numbers")
            entries.append(tuple(words))
        if not entries:
            raise FileError(f"{path}: lists no images")
        return entries

    def arrays(self, entry: tuple[str, ...], random: np.random.Generator) -> tuple[np.ndarray, ...]:
        sides = [int(word) for word in entry[-5 - self.classes : -1 - self.classes]]
        numbers = np.array(entry[-1 - self.classes : -1], np.float32)
        image, label = self.read_pair(entry)
        check_alike(image, label)
        image, label = window(image, sides, 0), window(label, sides, self.ignored)
        if all(self.size):
            image, label = resize_pair(image, label, *self.size)
        data, label = transform_pair(self.transform, *self.filled(image, label), random)
        if int(entry[-1]) > 0:
            table = np.zeros(256 + self.base + self.classes, np.float32)
            table[self.base + 1 : self.base + 1 + self.classes] = numbers
            table[self.ignored] = self.ignored
            label = table[label]
        else:
            label = np.full(label.shape, self.ignored)
        return data, label, numbers[:, None, None]


@register("SelectSrcTgkSegBinary")
class SelectSrcTgkSegBinary(SelectSegBinary):
    """`SelectSegBinary` of two lists: batches are of ``target`` and of ``source`` in turn, target first.

    A line of ``target`` counts without its labels, which are all ``ignore_label``, unless a 1 ends it.
    """

    def read_lists(self, spec: LayerDefinition) -> None:
        super().read_lists(spec)
        target = spec.resolve(spec.message.image_data_param.target, "image_data_param", "target")
        self.targets = self.read_entries(target, "0")

    def entries_of(self, number: int) -> list[tuple[str, ...]]:
        turn = self.first_item(number) // self.batch_size
        entries = self.entries if turn % 2 else self.targets
        first = turn // 2 * self.batch_size + self.skipped_items()
        items = range(first, first + self.batch_size)
        return [entries[self.shuffled(item, len(entries)) if self.shuffle else item % len(entries)] for item in items]

    def epoch_size(self) -> int | None:
        """None: two lists of their own lengths."""
        return None


def window(image: np.ndarray, sides: list[int], around: int) -> np.ndarray:
    """The places from x1, y1 to x2, y2 of an image, ``around`` where these are beyond it."""
    left, top, right, bottom = sides
    if right < left or bottom < top:
        raise NetdefError(f"has an empty window, {left} {top} {right} {bottom}")
    out = np.full((len(image), bottom - top + 1, right - left + 1), around, image.dtype)
    rows, columns = (slice(max(start, 0), max(min(end + 1, size), 0))
                     for start, end, size in ((top, bottom, image.shape[1]), (left, right, image.shape[2])))
    if rows.stop > rows.start and columns.stop > columns.start:
        out[:, rows.start - top : rows.stop - top, columns.start - left : columns.stop - left] = image[:, rows, columns]
    return out


def _is_whole(word: str) -> bool:
    return word.lstrip("-").isdecimal()
