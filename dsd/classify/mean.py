"""Read the mean to subtract from images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from google.protobuf.message import DecodeError

from netdef.errors import FileError, NetdefError
from netdef.schema import messages
from netdef.schema.blobs import to_array


def read_mean(text: str, channels: int) -> np.ndarray:
    """The mean of ``B,G,R`` (channels, 1, 1), or of a file (channels, H, W): a ``.binaryproto``, or a ``.npy`` of numpy.

    One number stands for all channels; so does a .npy of one axis. Raises `NetdefError` for another number of channels,
    `FileError` for what cannot be read.
    """
    try:
        mean = np.array([float(part) for part in text.split(",")], np.float32)
    except ValueError:
        mean = _of_file(Path(text))
    if mean.ndim == 1:
        mean = np.broadcast_to(mean[:, None, None], (channels if mean.size == 1 else mean.size, 1, 1))
    if mean.ndim != 3 or len(mean) != channels:
        raise NetdefError(f"--mean {text} has shape {mean.shape}; the net's images have {channels} channel{'s' * (channels > 1)}")
    return mean


def _of_file(path: Path) -> np.ndarray:
    try:
        if path.suffix == ".npy":
            mean = np.load(path).astype(np.float32)
        else:
            mean = to_array(messages.BlobProto.FromString(path.read_bytes()))
    except (OSError, ValueError, DecodeError, NetdefError) as error:
        reason = error.strerror or error if isinstance(error, OSError) else error
        raise FileError(f"--mean {path}: cannot be read as a mean image: {reason}") from error
    return mean.reshape(mean.shape[-3:]) if mean.ndim > 3 and mean.size == np.prod(mean.shape[-3:]) else mean
