"""The content of a weight file of any format: layers with blobs by index, and masks."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from netdef.errors import FileError
from netdef.graph.net import Net
from netdef.layers.core.shapes import Shape
from netdef.schema.messages import LayerParameter, MaskParameter
from netdef.weights.mask_bits import pack_mask, unpack_mask

Params = Mapping[str, Sequence[Tensor]]
"""{layer: its blobs}, in Caffe's order and shapes; layers that share a blob hold the same memory."""
WrittenLayer = tuple[LayerParameter, Sequence[Tensor]]
"""A layer to write: its message, with its mask but without blobs, and its blobs."""
BlobDiff = Callable[[Tensor], Tensor]
"""Gives the ``diff`` of a blob, of its shape: in Caffe its gradient, or what a step has subtracted from it."""


@dataclass(frozen=True)
class StoredBlob:
    """A blob in a file, not read yet.

    ``read`` fills a contiguous float32 tensor on the CPU, of as many values. ``old_style`` says that the shape is the
    four dimensions of files before 2014, where a vector of N values is (1, 1, 1, N), or C3D's five.
    """

    shape: Shape
    read: Callable[[Tensor], None]
    old_style: bool = False

    def fits(self, shape: Shape) -> bool:
        """Whether the blob goes into a parameter of this shape, by Caffe's rule."""
        if self.old_style:
            ones = len(self.shape) - len(shape)
            return ones >= 0 and self.shape == (1,) * ones + shape
        return self.shape == shape

    def fits_reshaped(self, shape: Shape) -> bool:
        """Whether the blob has the values of this shape in the same order, with other axes of size 1.

        Also whether one shape is the weight of an inner product and the other that of a convolution over its whole bottom.
        """
        mine, wanted = ([size for size in each if size != 1] for each in (self.shape, shape))
        matrix, window = sorted((self.shape, shape), key=len)
        flat = len(matrix) == 2 and len(window) == 4 and matrix == (window[0], math.prod(window[1:]))
        return mine == wanted or flat


@dataclass(frozen=True)
class StoredMask:
    """A mask in a file. ``kept`` unpacks it, None where every weight is kept. ``shape`` is None if any shape fits."""

    shape: Shape | None
    kept: Callable[[], Tensor | None]


@dataclass
class StoredLayer:
    """A layer in a file: its blobs by index, and its mask if it is a Mask layer."""

    name: str
    blobs: dict[int, StoredBlob] = field(default_factory=dict)
    mask: StoredMask | None = None


@contextmanager
def blame(path: str | os.PathLike[str], *errors: type[Exception]) -> Iterator[None]:
    """Turn a library's errors into a `FileError` that names the file."""
    try:
        yield
    except errors as error:
        raise FileError(f"{os.fspath(path)}: cannot be read as weights: {error}") from error


def as_array(blob: Tensor) -> np.ndarray:
    """A tensor's values as a float32 array in row-major order; shares the tensor's memory where that is possible."""
    return blob.detach().to("cpu", torch.float32).contiguous().numpy()


def memory_of(blob: Tensor) -> int:
    """A key of the memory that a blob is in: the same for a shared blob and for views of it."""
    return blob.data_ptr() or id(blob)


def set_mask(message: MaskParameter, shape: Shape | None, kept: Tensor | None) -> None:
    """Put a mask into its layer's message. A mask that keeps all weights is a shape without bits."""
    message.ClearField("bits")
    message.shape.dim[:] = shape or ()
    message.shape.SetInParent()
    if kept is not None:
        message.bits = pack_mask(kept)


def get_mask(message: MaskParameter) -> StoredMask | None:
    """The mask in a layer's message; None for a message without one, as in a prototxt."""
    if not message.HasField("shape"):
        return None
    shape = tuple(message.shape.dim)
    return StoredMask(shape, lambda: unpack_mask(shape, message.bits) if message.HasField("bits") else None)


def layers_to_write(net: Net) -> list[WrittenLayer]:
    """The layers of a net in order, with their blobs and masks; masks without a layer in the text come last."""
    layers: list[WrittenLayer] = []
    params, masks = net.params, dict(net.masks)
    for spec in net.spec.layers:
        message = deepcopy(spec.message)
        message.ClearField("blobs")
        mask = masks.pop(spec.name, None)
        if mask is not None:
            set_mask(message.mask_param, mask.shape, mask.kept)
        layers.append((message, list(params.get(spec.name, ()))))
    for name, mask in masks.items():  # attached by the trainer
        message = LayerParameter(name=name, type="Mask", top=[name])
        set_mask(message.mask_param, mask.shape, mask.kept)
        layers.append((message, []))
    return layers
