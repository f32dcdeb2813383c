"""`MultiLabelImageData`: images with as many labels as a line of their list has. Of happynear's fork."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from netdef.data.images.list_file import read_numbers
from netdef.data.layers.image_data import Entry, ImageData
from netdef.data.text_lines import read_lines
from netdef.layers.core.arity import exactly
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition


@register("MultiLabelImageData")
class MultiLabelImageData(ImageData):
    """ImageData of which a line has a path and several numbers, as many as the first line has; ``label`` is (batch, numbers)."""

    n_tops = exactly(2)

    def _read_entries(self, spec: LayerDefinition) -> list[Shape]:
        self.gps, self.pair = False, 1
        first = next(iter(read_lines(self.source)), None)
        count = 1 if first is None else max(1, len(first.text.split()) - 1)
        self.entries: Sequence[Entry] = read_numbers(self.source, count)
        return [(count,)]

    def _labels(self, entries: Sequence[Entry]) -> list[np.ndarray]:
        return [np.array([labels for _, labels in entries], np.float32)]
