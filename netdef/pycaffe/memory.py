"""The memory of a blob, which a script sees as an array and layers as a tensor.

As in Caffe there are two copies at most and a note of which is newer: the array that a script has asked for and may write
to at any time, and the tensor that a pass has left, on whatever device and in whatever layout. On the CPU the tensor that
layers read is the array's own memory. An array is made when it is first asked for. Passes update those arrays that a script
holds, or has read since the pass before; others are updated when they are read again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from netdef.layers.core.shapes import Shape
from netdef.pycaffe.c_order import copy_all_to_c_order, copy_to_c_order
from netdef.pycaffe.script_array import ScriptArray


class Newer(Enum):
    """The newer one of the two copies."""

    TENSOR = 1
    ARRAY = 2
    NEITHER = 3  # both are the same


class Memory(Protocol):
    """The memory of a blob's ``data`` or ``diff``."""

    @property
    def shape(self) -> Shape:
        """The shape of both copies."""

    @property
    def array(self) -> np.ndarray:
        """The values as a float32 array in C order, in the same memory at every call, to read and to write."""

    def tensor(self, device: torch.device) -> Tensor:
        """The values for a layer, including writes to the array."""

    @property
    def is_array(self) -> bool:
        """Whether `tensor` shares the array's memory."""

    def put(self, tensor: Tensor) -> None:
        """Store the result of a pass."""

    def refresh(self) -> None:
        """Update the array after a pass, if a script may look at it. That of a GPU's blob is updated when it is read."""

    def changed(self) -> None:
        """Mark the tensor as written to."""

    def reshape(self, shape: Shape) -> None:
        """Change the shape. Values are kept if their number stays the same; otherwise they become those at the start."""


def shares_memory(device: torch.device) -> bool:
    """Whether numpy can use the memory of tensors on a device."""
    return device.type == "cpu"


class BlobMemory:
    """The memory of a blob between layers. At first all numbers are ``start``."""

    __slots__ = ("_array", "_newer", "_shape", "_start", "_tensor", "view")

    def __init__(self, shape: Sequence[int], start: float = 0.0):
        self._shape: Shape = tuple(shape)  # of the array; if there is a tensor, its own counts
        self._start = start
        self._tensor: Tensor | None = None
        self.view: Tensor | None = None  # the array's memory
        self._array: ScriptArray | None = None
        self._newer = Newer.TENSOR

    @property
    def shape(self) -> Shape:
        return tuple(self._shape if self._tensor is None else self._tensor.shape)

    @property
    def array(self) -> np.ndarray:
        if self._array is None or self._newer is Newer.TENSOR:
            self._download()
        assert self._array is not None
        self._newer = Newer.ARRAY
        return self._array.read()

    def tensor(self, device: torch.device) -> Tensor:
        if self._newer is not Newer.TENSOR and self.view is not None and shares_memory(device):
            self._newer = Newer.ARRAY
            return self.view
        if self._newer is Newer.ARRAY and self.view is not None:
            self._upload(self.view, device)
        elif self._tensor is None:
            self._tensor = torch.full(self._shape, self._start, device=device)
        elif self._tensor.device != device:
            self._tensor = self._tensor.to(device)
        assert self._tensor is not None
        return self._tensor

    @property
    def is_array(self) -> bool:
        return self._newer is Newer.ARRAY

    def put(self, tensor: Tensor) -> None:
        self._tensor, self._newer = tensor, Newer.TENSOR

    def changed(self) -> None:
        self._newer = Newer.TENSOR

    def refresh(self) -> None:
        tensor, array = self._tensor, self._array
        if array is None or self._newer is not Newer.TENSOR or not array.is_looked_at():
            return
        if tensor is None or shares_memory(tensor.device):
            self._download()
            self._tensor, self._newer = None, Newer.ARRAY

    def reshape(self, shape: Shape) -> None:
        if shape == self.shape:
            return
        if math.prod(shape) == math.prod(self.shape):
            self._tensor = None if self._tensor is None else self._tensor.reshape(shape)
            if self.view is not None and self.view.numel() == math.prod(shape):
                self.view = self.view.reshape(shape)
                self._array = ScriptArray(self.view, always=True)  # scripts may hold the one of the old shape
            else:
                self.view = self._array = None
        else:
            self._tensor, self.view, self._array, self._newer = None, None, None, Newer.TENSOR
        self._shape = shape

    def _upload(self, view: Tensor, device: torch.device) -> None:
        """Copy the array to the tensor."""
        self._tensor, self._newer = view.to(device, copy=True), Newer.NEITHER

    def _download(self) -> None:
        """Copy the tensor to the array."""
        copy_to_c_order(self._source(), self._target())

    def _source(self) -> Tensor:
        """The tensor to copy to the array."""
        return torch.full((), self._start).expand(self._shape) if self._tensor is None else self._tensor

    def _target(self) -> Tensor:
        """The array's memory, in the tensor's shape."""
        if self.view is None or (self._tensor is not None and self.view.shape != self._tensor.shape):
            self._shape = self.shape
            self.view = torch.empty(self._shape)
            self._array = ScriptArray(self.view)
        return self.view


def put_all(memories: Sequence[BlobMemory], tensors: Sequence[Tensor]) -> None:
    """`BlobMemory.put` and `BlobMemory.refresh` for many small tensors on the CPU, which costs less than one by one."""
    arrays, sources = [], []
    for memory, tensor in zip(memories, tensors):
        view, array = memory.view, memory._array
        if view is None or array is None or not array.is_looked_at() or view.shape != tensor.shape:
            memory.put(tensor)
        else:
            memory._tensor, memory._newer = None, Newer.ARRAY
            arrays.append(view)
            sources.append(tensor)
    if arrays:
        copy_all_to_c_order(sources, arrays)
