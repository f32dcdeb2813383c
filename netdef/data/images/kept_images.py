"""The raw images of a small database, kept in memory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

MOST_BYTES = 1 << 28
"""The most bytes of images that are kept: 256 MiB, more than MNIST and CIFAR-10 take."""

Indices = slice | Sequence[int]
"""Items of the database, from 0."""


class KeptImages:
    """Raw images of one shape and their labels, kept when they are first read.

    The system gives memory as it is written to. A copy of this object, in another process too, begins empty.
    """

    def __init__(self, count: int, shape: Sequence[int]):
        self.count, self.shape = count, tuple(shape)
        self._begin()

    def _begin(self) -> None:
        self._images = np.empty((self.count, *self.shape), np.uint8)
        self._labels = np.empty(self.count, np.float32)
        self._known = np.zeros(self.count, bool)

    @classmethod
    def of(cls, count: int | None, image: np.ndarray) -> KeptImages | None:
        """Room for ``count`` images as this one; None if there are too many or an unknown number, or if they are not of bytes."""
        if not count or image.dtype != np.uint8 or count * math.prod(image.shape) > MOST_BYTES:
            return None
        return cls(count, image.shape)

    def get(self, indices: Indices) -> tuple[np.ndarray, np.ndarray] | None:
        """The images (N, C, H, W), not to be written to, and a copy of their labels (N,); None if some are not known yet."""
        if not self._known[indices].all():
            return None
        return self._images[indices], np.array(self._labels[indices])

    def keep(self, indices: Indices, images: np.ndarray, labels: np.ndarray) -> None:
        """Keep images (N, C, H, W) of these items, unless they are of another shape."""
        if images.shape[1:] == self.shape:
            self._images[indices], self._labels[indices] = images, labels
            self._known[indices] = True

    def __getstate__(self) -> dict[str, Any]:
        return {"count": self.count, "shape": self.shape}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._begin()
