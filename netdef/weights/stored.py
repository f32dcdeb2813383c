"""What every kind of weight file comes down to, and what a net needs to be for weights to go in and out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from netdef.errors import FileError
from netdef.schema.messages import MaskParameter

Shape = tuple[int, ...]
Params = Mapping[str, Sequence[Tensor]]  # blobs by layer, Caffe's order and shapes; sharers hold the same memory


class Weighted(Protocol):
    """The part of a `Net` that weight files touch."""

    name: str
    spec: Any  # NetDefinition: the layers' messages, in order
    params: Params
    masks: Mapping[str, Any]  # Mask layers by name
    layers: Mapping[str, Any]  # all layers by name


@dataclass(frozen=True)
class StoredBlob:
    """A blob in a file, not read yet.

    ``read`` fills a contiguous float32 tensor on the CPU, of as many values. ``old_style`` says that the shape is the
    four dimensions of files before 2014, where a vector of N values is (1, 1, 1, N).
    """

    shape: Shape
    read: Callable[[Tensor], None]
    old_style: bool = False

    def fits(self, shape: Shape) -> bool:
        """Whether the blob goes into a parameter of this shape, by Caffe's rule."""
        if self.old_style:
            return len(shape) <= 4 and self.shape == (1,) * (4 - len(shape)) + shape
        return self.shape == shape


@dataclass(frozen=True)
class StoredMask:
    """A mask in a file; ``kept`` unpacks it, None where every weight is kept. ``shape`` is None where any will do."""

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
    """A tensor's values as float32, row by row, whatever its device, type and memory layout."""
    return blob.detach().to("cpu", torch.float32).contiguous().numpy()


def memory_of(blob: Tensor) -> int:
    """What tells a blob from others: shared blobs are one tensor, or views of one."""
    return blob.data_ptr() or id(blob)


def pack_mask(kept: Tensor) -> bytes:
    """A bool tensor as bits, row by row, lowest bit of a byte first."""
    return np.packbits(kept.detach().cpu().contiguous().numpy().ravel(), bitorder="little").tobytes()


def unpack_mask(shape: Sequence[int], bits: bytes) -> Tensor:
    """The bool tensor that `pack_mask` packed. Raises ValueError when the bits are not that many."""
    count = int(np.prod(shape, dtype=object))
    if min(shape, default=0) < 0 or len(bits) != -(-count // 8):
        raise ValueError(f"a mask of shape {tuple(shape)} takes {-(-count // 8)} bytes; {len(bits)} are there")
    unpacked = np.unpackbits(np.frombuffer(bits, np.uint8), bitorder="little")
    if unpacked[count:].any():
        raise ValueError(f"a mask of shape {tuple(shape)} has bits beyond its {count} weights")
    return torch.from_numpy(unpacked[:count].view(bool)).reshape(tuple(shape))


def set_mask(message: MaskParameter, shape: Shape, kept: Tensor | None) -> None:
    """Put a mask into its layer's message; one that keeps all is a shape without bits."""
    message.ClearField("bits")
    message.shape.dim[:] = shape
    message.shape.SetInParent()
    if kept is not None:
        message.bits = pack_mask(kept)


def get_mask(message: MaskParameter) -> StoredMask | None:
    """The mask in a layer's message, if a file of weights put one there."""
    if not message.HasField("shape"):
        return None
    shape = tuple(message.shape.dim)
    return StoredMask(shape, lambda: unpack_mask(shape, message.bits) if message.HasField("bits") else None)
