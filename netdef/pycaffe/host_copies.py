"""Arrays beside tensors whose memory numpy cannot share."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from netdef.pycaffe.c_order import copy_to_c_order
from netdef.pycaffe.memory import Newer
from netdef.pycaffe.script_array import ScriptArray


class HostCopy:
    """An array with a tensor's shape, and a note of which of the two is newer."""

    def __init__(self, tensor: Tensor):
        self.view = torch.empty(tensor.shape, dtype=torch.float32)
        self.newer = Newer.TENSOR

    def read(self, tensor: Tensor | None) -> np.ndarray:
        """The array, up to date with the tensor (zeros for None); its user may write to it."""
        if self.newer is Newer.TENSOR:
            if tensor is None:
                self.view.zero_()
            else:
                copy_to_c_order(tensor.detach(), self.view)
        self.newer = Newer.ARRAY
        return self.view.numpy()

    @torch.no_grad()
    def write(self, tensor: Tensor) -> None:
        """Bring the tensor up to date with the array."""
        if self.newer is Newer.ARRAY:
            tensor.copy_(self.view)
            self.newer = Newer.NEITHER

    def changed(self, tensor: Tensor) -> None:
        """Mark the tensor as written to."""
        self.newer = Newer.TENSOR


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
