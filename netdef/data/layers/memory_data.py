"""`MemoryData`: arrays that the program gives to the layer."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from netdef.data.feeding.feed import Feed
from netdef.errors import NetdefError
from netdef.layers.core.arity import between
from netdef.layers.core.registry import register

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition


@register("MemoryData")
class MemoryData(Feed):
    """Tops ``data`` (batch, channels, height, width) and ``label`` (batch, 1, 1, 1), as Caffe's forward gives it.

    From naibaf7's fork: ``dim``, all sizes of the data, as many as there are; the label has as many axes. There the label may
    be left out.

    Batches are taken from the arrays of `set_arrays` in order, starting over at the end.
    """

    n_tops = between(1, 2)

    def __init__(self, spec: LayerDefinition):
        param = spec.message.memory_data_param
        if spec.message.source_class:
            raise spec.refuse(f"takes its data from {spec.message.source_class}, of CaffeOnSpark, which needs Spark; write the "
                              "records to an LMDB and read that by a Data layer", "source_class")
        super().__init__(spec, param.dim[0] if param.dim else param.batch_size)
        item = tuple(param.dim[1:]) if param.dim else (param.channels, param.height, param.width)
        if 0 in item:
            raise spec.refuse(f"needs {'sizes' if param.dim else 'channels, height and width'} above 0, not {item}",
                              "memory_data_param")
        if len(spec.tops) == 1 and not param.dim:
            raise spec.refuse("has 1 top; it makes 2, data and label", "top")
        if spec.message.HasField("transform_param"):
            warnings.warn(f"layer `{self.name}`: transform_param does nothing to arrays given to a MemoryData layer",
                          stacklevel=2)
        self.set_shapes(spec, item, (1,) * len(item))
        self._arrays: tuple[np.ndarray, np.ndarray] | None = None

    def set_arrays(self, data: np.ndarray, labels: np.ndarray | None = None, copy: bool = True) -> None:
        """Take batches from these arrays from now on: ``data`` (N, channels, height, width) and N ``labels``, 0 if not given.

        Starts at their beginning. They are copied as float32; without ``copy`` float32 arrays are used themselves, so that
        later writes to them count. N is a multiple of the batch size. Raises ``ValueError`` for other shapes.
        """
        convert = np.array if copy else np.asarray
        data = convert(data, np.float32)
        labels = np.zeros(len(data), np.float32) if labels is None else convert(labels, np.float32)
        item = self.shapes[self.tops[0]][1:]
        if data.ndim != len(item) + 1 or data.shape[1:] != item:
            raise ValueError(f"data of layer `{self.name}` is (N, {', '.join(map(str, item))}), not {data.shape}")
        if labels.size != len(data):
            raise ValueError(f"layer `{self.name}` got {labels.size} labels for {len(data)} items")
        if not len(data) or len(data) % self.batch_size:
            raise ValueError(
                f"layer `{self.name}` takes multiples of its batch size {self.batch_size}, not {len(data)} items"
            )
        self._arrays = data, labels.reshape(-1, *[1] * len(item))
        self.seek(0)

    def epoch_size(self) -> int | None:
        """The number of items of the arrays; None before there are any."""
        return len(self._arrays[0]) if self._arrays else None

    def batch(self, number: int) -> dict[str, np.ndarray]:
        if self._arrays is None:
            raise NetdefError(f"layer `{self.name}` (MemoryData) has no data yet: call set_arrays(data, labels) first")
        start = self.first_item(number) % len(self._arrays[0])
        return {top: array[start : start + self.batch_size].copy() for top, array in zip(self.tops, self._arrays)}
