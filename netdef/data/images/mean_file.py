"""Mean images in ``.binaryproto`` files: the ``mean_file`` of a layer's ``transform_param``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
from google.protobuf.message import DecodeError

from netdef.errors import NetdefError
from netdef.files import atomic_write
from netdef.schema import messages
from netdef.schema.blobs import from_array, to_array

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_FIELD = "transform_param"


def read_mean(spec: LayerDefinition, path: str) -> np.ndarray:
    """Read the mean image (C, H, W) of a ``mean_file``, a BlobProto. Raises `SpecError` for anything but one image."""
    file = spec.resolve(path, _FIELD, "mean_file")
    try:
        mean = to_array(messages.BlobProto.FromString(file.read_bytes()))
    except (OSError, DecodeError, NetdefError) as error:
        raise spec.refuse(f"cannot read its mean_file {file}: {error}", _FIELD, "mean_file") from error
    if mean.ndim < 3 or mean.size != np.prod(mean.shape[-3:]):
        raise spec.refuse(f"has a mean_file of shape {mean.shape}; it takes one image", _FIELD, "mean_file")
    return mean.reshape(mean.shape[-3:])


def write_mean(path: str | os.PathLike[str], mean: np.ndarray) -> None:
    """Write a mean image (C, H, W) as a ``.binaryproto``, with the four old dimensions that all of Caffe's tools read."""
    blob = from_array(mean)
    blob.ClearField("shape")
    blob.num, blob.channels, blob.height, blob.width = 1, *mean.shape
    with atomic_write(path) as file:
        file.write(blob.SerializeToString())
