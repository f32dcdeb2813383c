"""The memory of a blob, which a script sees as an array and layers as a tensor.

As in Caffe there are two copies at most and a note of which is newer: the array that a script has asked for and may write
to at any time, and the tensor that a pass has left, on whatever device and in whatever layout. On the CPU the tensor that
layers read is the array's own memory. An array is made when it is first asked for.
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
from netdef.pycaffe.c_order import copy_to_c_order


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
        """Update the array, if there is one, after a pass. The array of a GPU's blob is updated when it is read."""

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
        self._shape: Sequence[int] = tuple(shape)
        self._start = start
        self._tensor: Tensor | None = None
        self._array: np.ndarray | None = None
        self.view: Tensor | None = None  # the array as a tensor
        self._newer = Newer.TENSOR

    @property
    def shape(self) -> Shape:
        return tuple(self._shape)

    @property
    def array(self) -> np.ndarray:
        array = self._download() if self._array is None or self._newer is Newer.TENSOR else self._array
        self._newer = Newer.ARRAY
        return array

    def tensor(self, device: torch.device) -> Tensor:
        if self._newer is Newer.ARRAY and self.view is not None:
            if shares_memory(device):
                return self.view
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
        self._tensor, self._shape, self._newer = tensor, tensor.shape, Newer.TENSOR

    def changed(self) -> None:
        self._newer = Newer.TENSOR

    def refresh(self) -> None:
        if self.view is None or self._newer is not Newer.TENSOR:
            return
        if self._tensor is None or shares_memory(self._tensor.device):
            self._download()
            self._tensor, self._newer = None, Newer.ARRAY

    def reshape(self, shape: Shape) -> None:
        if shape == self._shape:
            return
        if math.prod(shape) == math.prod(self._shape):
            self._tensor = None if self._tensor is None else self._tensor.reshape(shape)
            self._hold(None if self.view is None else self.view.reshape(shape))
        else:
            self._tensor, self._newer = None, Newer.TENSOR
            self._hold(None)
        self._shape = shape

    def _hold(self, view: Tensor | None) -> None:
        self.view, self._array = view, None if view is None else view.numpy()

    def _upload(self, view: Tensor, device: torch.device) -> None:
        """Copy the array to the tensor."""
        self._tensor, self._newer = view.to(device, copy=True), Newer.NEITHER

    def _download(self) -> np.ndarray:
        """Copy the tensor to the array."""
        if self.view is None or self.view.shape != self._shape:
            self._hold(torch.empty(self._shape))
        assert self.view is not None and self._array is not None
        if self._tensor is None:
            self.view.fill_(self._start)
        else:
            copy_to_c_order(self._tensor, self.view)
        return self._array
