"""Mean images in ``.binaryproto`` files: the ``mean_file`` of a layer's ``transform_param``."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from google.protobuf.message import DecodeError
from google.protobuf.unknown_fields import UnknownFieldSet

from netdef.errors import NetdefError
from netdef.files import atomic_write
from netdef.schema import messages
from netdef.schema.blobs import check_shape, from_array, to_array

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_WIDTH_OF_C3D = messages.BlobProto.DATA_FIELD_NUMBER, 0  # as a whole number, not as values


def read_mean(spec: LayerDefinition, path: str, param: str = "transform_param") -> np.ndarray:
    """Read the mean image (C, H, W) of a message's ``mean_file``, a BlobProto. Raises `SpecError` for anything but one image.

    For VideoData it may be the mean of C3D's clips, (1, C, frames, H, W); it is (frames C, H, W), as the frames are read.
    """
    file = spec.resolve(path, param, "mean_file")
    try:
        mean = _values(messages.BlobProto.FromString(file.read_bytes()))
    except (OSError, DecodeError, NetdefError) as error:
        raise spec.refuse(f"cannot read its mean_file {file}: {error}", param, "mean_file") from error
    if spec.type == "VideoData" and mean.ndim == 5 and len(mean) == 1:
        return mean[0].swapaxes(0, 1).reshape(-1, *mean.shape[3:])
    if mean.ndim < 3 or mean.size != np.prod(mean.shape[-3:]):
        raise spec.refuse(f"has a mean_file of shape {mean.shape}; it takes one image", param, "mean_file")
    return mean.reshape(mean.shape[-3:])


def _values(blob: messages.BlobProto) -> np.ndarray:
    """The values of a blob; C3D 1.0 numbers the fields anew after its third, the number of frames."""
    unknown: Iterable[Any] = UnknownFieldSet(blob)  # type: ignore[assignment]  # its stub lacks __iter__
    widths = [field.data for field in unknown if (field.field_number, field.wire_type) == _WIDTH_OF_C3D]
    if not widths or blob.data:
        return to_array(blob)
    shape, values = (blob.num, blob.channels, blob.height, blob.width, widths[-1]), np.array(blob.diff, np.float32)
    check_shape(shape, values.size)
    return values.reshape(shape)


def write_mean(path: str | os.PathLike[str], mean: np.ndarray) -> None:
    """Write a mean image (C, H, W) as a ``.binaryproto``, with the four old dimensions that all of Caffe's tools read."""
    blob = from_array(mean)
    blob.ClearField("shape")
    blob.num, blob.channels, blob.height, blob.width = 1, *mean.shape
    with atomic_write(path) as file:
        file.write(blob.SerializeToString())
