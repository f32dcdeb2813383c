"""Arrays beside tensors whose memory numpy cannot share."""

from __future__ import annotations

import weakref

import numpy as np
import torch
from torch import Tensor

from netdef.pycaffe.c_order import copy_to_c_order
from netdef.pycaffe.memory import Newer
from netdef.pycaffe.script_array import ScriptArray


class HostCopy:
    """An array with a tensor's shape, and a note of which of the two is newer.

    A tensor counts as newer, too, if it is another one than before, or if torch has counted an operation in place on it.
    """

    def __init__(self, tensor: Tensor):
        self.view = torch.empty(tensor.shape, dtype=torch.float32)
        self._newer = Newer.TENSOR
        self._known: weakref.ref[Tensor] | None = None  # the tensor that both were the same as last
        self._version = 0

    def read(self, tensor: Tensor | None) -> np.ndarray:
        """The array, up to date with the tensor (zeros for None); its user may write to it."""
        if self._newer is Newer.TENSOR or not self._knows(tensor):
            if tensor is None:
                self.view.zero_()
            else:
                copy_to_c_order(tensor.detach(), self.view)
        self._note(tensor, Newer.ARRAY)
        return self.view.numpy()

    def is_newer(self, tensor: Tensor | None) -> bool:
        """Whether the array is newer than the tensor."""
        return self._newer is Newer.ARRAY and self._knows(tensor)

    def write(self, tensor: Tensor) -> None:
        """Bring the tensor up to date with the array, if that is newer."""
        if self.is_newer(tensor):
            self.copy_to(tensor)

    @torch.no_grad()
    def copy_to(self, tensor: Tensor) -> None:
        """Copy the array to a tensor, which may be another one than before."""
        tensor.copy_(self.view)
        self._note(tensor, Newer.NEITHER)

    def changed(self, tensor: Tensor | None) -> None:
        """Mark the tensor as written to."""
        self._newer = Newer.TENSOR

    def _knows(self, tensor: Tensor | None) -> bool:
        """Whether this is the tensor of before, unchanged as far as torch counts; the array's own memory always is."""
        if tensor is None or tensor is self.view:
            return tensor is self.view or self._known is None
        return self._known is not None and self._known() is tensor and self._version == tensor._version

    def _note(self, tensor: Tensor | None, newer: Newer) -> None:
        self._newer = newer
        self._known = None if tensor is None else weakref.ref(tensor)
        self._version = 0 if tensor is None else tensor._version


class Mirror:
    """A C-order array beside a tensor that is on the CPU in another order: writes to either reach the other.

    `write` copies writes to the array to the tensor. Writes to the tensor reach the array when `changed` is called, or at
    the next `write` or `read` if torch counts them as operations in place, as those of optimizers. While no script looks at
    the array, only `read` copies.
    """

    def __init__(self, tensor: Tensor):
        self._view = torch.empty(tensor.shape, dtype=torch.float32)
        self._array = ScriptArray(self._view)
        self._version: int | None = None  # the tensor's when both were last the same; None if they may differ
        self._update(tensor)

    def read(self, tensor: Tensor) -> np.ndarray:
        """The array, up to date with the tensor; its user may write to it at any time."""
        if tensor._version != self._version:
            self._update(tensor)
        return self._array.read()

    @torch.no_grad()
    def write(self, tensor: Tensor) -> None:
        """Bring the tensor up to date with the array; if the tensor was written to, the array with the tensor."""
        if not self._array.is_looked_at():
            return
        if tensor._version != self._version:
            self._update(tensor)
        elif not torch.equal(tensor, self._view):  # autograd's records of the weights stay valid where nothing is new
            tensor.copy_(self._view)
            self._version = tensor._version

    def changed(self, tensor: Tensor) -> None:
        """Bring the array up to date with the tensor."""
        self._version = None
        if self._array.is_looked_at():
            self._update(tensor)

    def _update(self, tensor: Tensor) -> None:
        copy_to_c_order(tensor.detach(), self._view)
        self._version = tensor._version
