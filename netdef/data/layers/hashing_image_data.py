"""`HashingImageData`: batches of so many classes with as many images each. Of DMSH's fork (leetonfreestyle)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from netdef.data.images.list_file import read_list
from netdef.data.layers.image_data import Entry, ImageData
from netdef.layers.core.arity import exactly
from netdef.layers.core.checks import check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_PARAM = "image_data_param"


@register("HashingImageData")
class HashingImageData(ImageData):
    """ImageData whose batches are images of ``cat_per_iter`` classes, drawn, with as many images each, none twice.

    Images of a class stand together; ``label`` is (batch, 1, 1, 1). ``shuffle`` has no effect.
    """

    n_tops = exactly(2)

    def _read_entries(self, spec: LayerDefinition) -> list[Shape]:
        self.gps, self.pair = False, 1
        self.entries: Sequence[Entry] = read_list(self.source)
        self.chosen: int = spec.message.image_data_param.cat_per_iter
        check_positive(spec, self.chosen, _PARAM, "cat_per_iter")
        self.each, rest = divmod(self.batch_size, self.chosen)
        if rest:
            raise spec.refuse(f"has `batch_size` {self.batch_size}, no multiple of `cat_per_iter`, {self.chosen}",
                              _PARAM, "batch_size")
        places: dict[object, list[int]] = defaultdict(list)
        for place, (_, label) in enumerate(self.entries):
            places[label].append(place)
        self.classes = list(places.values())
        if len(self.classes) < self.chosen or min(map(len, self.classes)) < self.each:
            raise spec.refuse(f"wants {self.chosen} classes with {self.each} images each; its list has "
                              f"{len(self.classes)} classes, the smallest with {min(map(len, self.classes))} images",
                              _PARAM, "cat_per_iter")
        return [(1, 1, 1)]

    def indices(self, number: int, count: int) -> list[int]:
        random = self.generator("classes", self.first_item(number) // self.batch_size)
        return [int(place) for index in random.permutation(len(self.classes))[: self.chosen]
                for place in random.permutation(self.classes[index])[: self.each]]

    def _labels(self, entries: Sequence[Entry]) -> list[np.ndarray]:
        return [np.array([label for _, label in entries], np.float32).reshape(-1, 1, 1, 1)]
