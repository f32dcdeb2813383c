"""The part of pycaffe that layers written for it need: blobs of numpy arrays, ``caffe.Layer``.

It is here and not in `netdef.pycaffe`, which is about nets and above them: layers import it.
"""

from __future__ import annotations

import math
import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from types import ModuleType

import numpy as np


class FourSizes(ABC):
    """The sizes of a blob by the names that they had when blobs had four axes."""

    @property
    def num(self) -> int:
        """The first size of a blob of at most four axes; `channels`, `height` and `width` are the others, 1 if absent."""
        return self._size(0)

    @property
    def channels(self) -> int:
        return self._size(1)

    @property
    def height(self) -> int:
        return self._size(2)

    @property
    def width(self) -> int:
        return self._size(3)

    @abstractmethod
    def _size(self, axis: int) -> int:
        """The size of an axis, 1 if it is absent."""


class UserBlob(FourSizes):
    """An array and its gradient, which a user's layer reads and writes as ``data[...]`` and ``diff[...]``.

    ``shape`` is a tuple; ``num``, ``channels``, ``height``, ``width`` are its first four sizes, 1 where it has fewer.
    """

    def __init__(self, shape: Sequence[int] = (0,)):
        self._data = np.zeros(tuple(shape), np.float32)
        self._diff: np.ndarray | None = None

    @property
    def data(self) -> np.ndarray:
        return self._data

    @property
    def diff(self) -> np.ndarray:
        if self._diff is None:
            self._diff = np.zeros_like(self._data)
        return self._diff

    @property
    def shape(self) -> tuple[int, ...]:
        return self._data.shape

    @property
    def count(self) -> int:
        return self._data.size

    def _size(self, axis: int) -> int:
        return self._data.shape[axis] if axis < self._data.ndim else 1

    def reshape(self, *dims: int) -> None:
        """Take another shape. The numbers stay if there are as many; otherwise they are zeros."""
        shape = tuple(int(dim) for dim in dims)
        if shape == self.shape:
            return
        keep = math.prod(shape) == self.count
        self._data = self._data.reshape(shape) if keep else np.zeros(shape, self._data.dtype)
        self._diff = self._diff.reshape(shape) if keep and self._diff is not None else None

    def load(self, array: np.ndarray) -> None:
        """Hold a copy of the array, in its shape and type, and a gradient of zeros."""
        self._data, self._diff = np.array(array, order="C"), None

    def share(self, array: np.ndarray) -> None:
        """Hold the array itself, and a gradient of zeros if it has another shape or type than the one before."""
        if (array.shape, array.dtype) != (self._data.shape, self._data.dtype):
            self._diff = None
        self._data = array

    def cast(self, dtype: np.dtype) -> None:
        """Hold the numbers in another type; the gradient is zeros."""
        if self._data.dtype != dtype:
            self._data, self._diff = self._data.astype(dtype), None

    def saved_diff(self) -> np.ndarray | None:
        """A copy of the gradient, None for zeros."""
        return None if self._diff is None else self._diff.copy()

    def set_diff(self, diff: np.ndarray | None) -> None:
        """Take a gradient, None for zeros."""
        if diff is None:
            self._diff = None
        else:
            self.diff[...] = diff


class CaffePhase(IntEnum):
    """The phase of a layer: a number, as in Caffe, that is written as its name, as in py-faster-rcnn's fork."""

    TRAIN = 0
    TEST = 1

    def __str__(self) -> str:
        return self.name


class UserBlobs(list[UserBlob]):
    """A layer's parameters. ``blobs.add_blob(5, 3)`` in `setup` adds one of that shape, of zeros."""

    def add_blob(self, *shape: int) -> None:
        self.append(UserBlob(tuple(int(size) for size in shape)))


class UserLayer:
    """The base class of a user's ``class Mine(caffe.Layer)``.

    Attributes: param_str, of the net's text (``param_str_`` in the oldest layers), and those of wangshankun's nets, param_str1
    to param_str3; phase, a `CaffePhase`; blobs; type.
    """

    type = "Python"
    param_str = param_str_ = param_str1 = param_str2 = param_str3 = ""
    phase = CaffePhase.TRAIN

    def __init__(self, parameter: object = None):
        self.blobs = UserBlobs()

    def __new__(cls, *args: object, **kwargs: object) -> UserLayer:
        made = super().__new__(cls)
        made.blobs = UserBlobs()  # also for a class whose own __init__ does not call super's
        return made


def _absent(name: str) -> object:
    raise AttributeError(
        f"`caffe.{name}` is not here: layers get `caffe.Layer`, `caffe.TRAIN` and `caffe.TEST` only, or all of pycaffe after "
        "`import dsd.pycaffe; dsd.pycaffe.install()`")


_caffe = ModuleType("caffe", "Stands in for pycaffe while a net's Python layers are imported.")
vars(_caffe).update(Layer=UserLayer, TRAIN=0, TEST=1, __getattr__=_absent)


installed: Callable[[], ModuleType] | None = None
"""What imports the whole of pycaffe, where `dsd.pycaffe` is installed: layers get that instead of the stand-in."""


@contextmanager
def standing_in() -> Iterator[None]:
    """Make ``import caffe`` import the stand-in; an installed pycaffe, imported or not, is not changed.

    Modules inside a fork's package, such as DetectNet's ``caffe.layers.detectnet.clustering``, are found in the folders
    ``caffe`` along Python's path; what these packages themselves run is left out.
    """
    if installed is not None:
        installed()
        yield
        return
    before, others = sys.modules.get("caffe"), set(sys.modules)
    _caffe.__path__ = [os.path.join(folder, "caffe") for folder in sys.path]
    sys.modules["caffe"] = _caffe
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name.startswith("caffe.") and name not in others]:
            del sys.modules[name]
        if before is None:
            del sys.modules["caffe"]
        else:
            sys.modules["caffe"] = before
