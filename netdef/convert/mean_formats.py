"""Read mean images, and convert them between Caffe's `.binaryproto` and numpy's `.npy`."""

from __future__ import annotations

import os

import numpy as np
from google.protobuf.message import DecodeError

from netdef.data.images.mean_file import write_mean
from netdef.errors import FileError, NetdefError
from netdef.files import atomic_write
from netdef.schema.blobs import to_array
from netdef.schema.messages import BlobProto
from netdef.weights import wire_format


def read_mean_image(path: str | os.PathLike[str]) -> np.ndarray:
    """The mean image (C, H, W), float32, of a ``.binaryproto`` or a ``.npy``. Raises `FileError` for anything else."""
    name = os.fspath(path)
    try:
        if name.endswith(".npy"):
            mean = np.load(path, allow_pickle=False).astype(np.float32)
        else:
            mean = to_array(BlobProto.FromString(wire_format.whole(path)))
    except OSError as error:
        raise FileError(f"{name}: cannot be read: {error.strerror or error}") from error
    except (DecodeError, NetdefError, ValueError) as error:
        raise FileError(f"{name}: is no mean image, or a damaged one: {error}") from error
    mean = mean.reshape(mean.shape[1:]) if mean.ndim == 4 and len(mean) == 1 else mean
    if mean.ndim != 3:
        raise FileError(f"{name}: is no mean image: its shape is {mean.shape}, not (channels, height, width)")
    return mean


def convert_mean(source: str | os.PathLike[str], target: str | os.PathLike[str]) -> np.ndarray:
    """Write a mean image as ``.npy`` or ``.binaryproto``, by the target's ending, and return it."""
    mean, name = read_mean_image(source), os.fspath(target)
    if name.endswith(".binaryproto"):
        write_mean(target, mean)
    elif name.endswith(".npy"):
        with atomic_write(target) as file:
            np.save(file, mean)
    else:
        raise NetdefError(f"{name}: a mean image becomes .npy or .binaryproto")
    return mean
