"""Blobs as scripts see them: numpy arrays of values and gradients."""

from __future__ import annotations

from collections.abc import Iterable
from typing import SupportsIndex, overload

import numpy as np
import torch

from netdef.layers.core.shapes import Shape
from netdef.layers.python.stand_in import FourSizes
from netdef.pycaffe.layer_memory import LayerMemory
from netdef.pycaffe.memory import BlobMemory, Memory


class Blob(FourSizes):
    """A blob between layers. ``data`` and ``diff`` are float32 arrays in C order, to read and to write.

    An array stays the same for as long as the blob's shape does, and while a script holds it or a part of it, it shows what
    every further pass computes.
    """

    def __init__(self, data: Memory, diff: BlobMemory | None = None):
        self.data_memory = data
        self.diff_memory = BlobMemory(data.shape) if diff is None else diff

    @property
    def data(self) -> np.ndarray:
        return self.data_memory.array

    @property
    def diff(self) -> np.ndarray:
        self.diff_memory.reshape(self.data_memory.shape)
        return self.diff_memory.array

    @property
    def shape(self) -> Shape:
        return self.data_memory.shape

    @property
    def count(self) -> int:
        return int(np.prod(self.shape, dtype=int))

    def reshape(self, *shape: SupportsIndex) -> None:
        """Change the shape. Values are kept if their number stays the same; otherwise they become zeros."""
        self.data_memory.reshape(tuple(int(size) for size in shape))

    def _size(self, axis: int) -> int:
        if len(self.shape) > 4:
            raise ValueError(f"a blob of {len(self.shape)} axes has no `num`, `channels`, `height` and `width`; see `shape`")
        return self.shape[axis] if axis < len(self.shape) else 1


class ParameterBlob(Blob):
    """A parameter of a layer. ``diff`` adds up over backward passes; after a solver's step it is the update."""

    data_memory: LayerMemory

    def __init__(self, data: LayerMemory):
        self.data_memory = data

    @property
    def diff(self) -> np.ndarray:
        return self.data_memory.gradient.array.reshape(self.shape)


class BlobVec(list[Blob]):
    """The blobs of a layer. Replacing one makes the layer compute with the new one."""

    @overload
    def __setitem__(self, index: SupportsIndex, value: Blob) -> None: ...

    @overload
    def __setitem__(self, index: slice, value: Iterable[Blob]) -> None: ...

    def __setitem__(self, index: SupportsIndex | slice, value: Blob | Iterable[Blob]) -> None:
        places = range(len(self))[index] if isinstance(index, slice) else [int(index)]
        blobs = [value] if isinstance(value, Blob) else list(value)
        for place, blob in zip(places, blobs, strict=True):
            old, memory = self[place], blob.data_memory
            if isinstance(old, ParameterBlob):
                old.data_memory.replace(
                    memory.home if isinstance(memory, LayerMemory) else memory.tensor(torch.device("cpu")))
            super().__setitem__(place, blob)
