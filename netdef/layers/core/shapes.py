"""Shapes of blobs, and Caffe's limits."""

from __future__ import annotations

import math
from collections.abc import Sequence

from netdef.definition.definitions import LayerDefinition
from netdef.schema.messages import BlobShape

Shape = tuple[int, ...]

MOST_ELEMENTS = 2**31 - 1
"""Caffe counts the elements of a blob in an int."""


def shape_text(shape: Sequence[int]) -> str:
    """A shape as ``64x1x28x28``; a scalar as ``1``."""
    return "x".join(map(str, shape)) or "1"


def read_shape(spec: LayerDefinition, shape: BlobShape, *path: str | int) -> Shape:
    """The shape of a ``BlobShape`` at ``path`` in the layer's message; see `check_shape`."""
    return check_shape(spec, shape.dim, *path)


def check_shape(spec: LayerDefinition, dims: Sequence[int], *path: str | int) -> Shape:
    """``dims`` as a shape. Refused with a place: a negative dimension, and more elements than Caffe counts."""
    if any(dim < 0 for dim in dims):
        raise spec.refuse(f"names the shape {tuple(dims)}; a dimension must not be negative", *path)
    if math.prod(dims) > MOST_ELEMENTS:
        raise spec.refuse(
            f"names the shape {tuple(dims)} of {math.prod(dims)} elements; a blob holds at most {MOST_ELEMENTS}", *path)
    return tuple(dims)
