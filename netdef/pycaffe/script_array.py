"""Arrays that are given to scripts, which may hold them for as long as they like."""

from __future__ import annotations

import sys

import numpy as np
import torch
from torch import Tensor


class ScriptArray:
    """The array over a tensor's memory, with a note of whether a script can look at it now.

    It can if it holds the array, or a view of it, as Python's count of references tells. ``always`` is for memory that a
    script may have in another array, too.
    """

    __slots__ = ("_always", "_array", "_is_read")

    def __init__(self, view: Tensor, always: bool = False):
        self._array, self._always, self._is_read = view.numpy(), always, False

    def read(self) -> np.ndarray:
        """The array, to give it to a script."""
        self._is_read = True
        return self._array

    def is_looked_at(self) -> bool:
        """Whether a script holds the array, or a view of it, or has read it since the last call."""
        if self._is_read:
            self._is_read = False
            return True
        return self._always or self._references() > _UNHELD

    def _references(self) -> int:
        """The number of references to the array. Every view of it has one."""
        return sys.getrefcount(self._array)


_UNHELD = ScriptArray(torch.empty(1))._references()
