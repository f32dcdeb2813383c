"""ImageLabelDataIndex and ImageLabelDataClass: images, label images, and a third top. Of torrvision's caffe-tvg."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from netdef.data.images.list_file import read_paths
from netdef.data.images.pair_changes import NO_BOXES, PARAM
from netdef.data.layers.image_label_data import ImageLabelData
from netdef.errors import FileError
from netdef.layers.core.arity import exactly
from netdef.layers.core.checks import check_at_least
from netdef.layers.core.registry import register

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition


class ListedPairs(ImageLabelData):
    """`ImageLabelData` whose lists may have paths that begin with ``#``, which do not count."""

    def lines(self, path: Path) -> list[tuple[str, ...]]:
        lines = [line for line in read_paths(path, 1) if not line[0].startswith("#")]
        if not lines:
            raise FileError(f"{path}: lists no images")
        return lines


@register("ImageLabelDataIndex")
class ImageLabelDataIndex(ListedPairs):
    """`ImageLabelData` with a third top (batch, 1, 1, 1): `number_of` each image.

    With ``filename_to_idx: false`` it is the line of the list, from 0 on (in the fork that of the shuffled list).
    """

    n_tops = exactly(3)

    def __init__(self, spec: LayerDefinition):
        self.by_name = spec.message.image_label_data_param.filename_to_idx
        super().__init__(spec)

    def arrays(self, entry: tuple[str, ...], random: np.random.Generator) -> tuple[np.ndarray, ...]:
        return *super().arrays(entry, random), np.full((1, 1, 1), self.index(entry))

    def index(self, entry: tuple[str, ...]) -> int:
        """The number of an image."""
        number = number_of(entry[0]) if self.by_name else None
        return self.entries.index(entry) if number is None else number


@register("ImageLabelDataClass")
class ImageLabelDataClass(ListedPairs):
    """`ImageLabelData` with a third top (batch, 1, 1, classes): 1 for the classes that are in the labels, else 0.

    Classes are those from 0 on, ``label_space`` of them, or without 0 (``ignore_first_channel_for_classification``); others are
    left out. They are sought in the label top, or in the whole label image before it is changed
    (``make_transform_independent_classification_gt``).
    """

    n_tops = exactly(3)

    def __init__(self, spec: LayerDefinition):
        param = spec.message.image_label_data_param
        self.first = int(param.ignore_first_channel_for_classification)
        self.classes, self.of_whole = param.label_space, param.make_transform_independent_classification_gt
        check_at_least(spec, self.classes, self.first + 1, PARAM, "label_space")
        super().__init__(spec)

    def arrays(self, entry: tuple[str, ...], random: np.random.Generator) -> tuple[np.ndarray, ...]:
        image, whole = self.read_pair(entry)
        data, label, _ = self.changed(image, whole, NO_BOXES, random)
        label = self.sliced(label)
        present = np.isin(np.arange(self.first, self.classes), (whole if self.of_whole else label)[0])
        return data, label, present[None, None]


def number_of(path: str) -> int | None:
    """The digits of a file's name as a number, None without any; "_00" is left out, and years of VOC are one digit."""
    name = path[path.rfind("/") + 1 :].rpartition(".")[0].replace("_00", "")
    digit = {"2007": "7", "2008": "8", "2009": "9", "2010": "1", "2011": "2", "2012": "3"}.get(name[:4])
    if digit and len(name) > 4:
        name = name.replace(name[:4], digit)
    digits = "".join(letter for letter in name if letter in "0123456789")
    return int(digits) if digits else None
