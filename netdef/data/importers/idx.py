"""Read IDX, the files of MNIST, Fashion-MNIST and their kind, compressed or not."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from netdef.errors import FileError

_UBYTE = 8


def read_idx(path: Path) -> np.ndarray:
    """The array of an IDX file of unsigned bytes: 0, 0, type, number of axes; each axis as big-endian 32 bits; values.

    Raises `FileError` for anything else.
    """
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise FileError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] != _UBYTE or not data[3]:
        raise FileError(f"{path}: is no IDX file of unsigned bytes; it begins with `{data[:4].hex(' ')}`")
    start = 4 + 4 * data[3]
    shape = struct.unpack(f">{data[3]}I", data[4:start]) if len(data) >= start else ()
    if not shape or math.prod(shape) != len(data) - start:
        raise FileError(f"{path}: says {shape} and holds {len(data) - start} values")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


def read_labelled(images: Path, labels: Path, first: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Images (N, 1, H, W) and labels (N,) of a pair of IDX files, only the ``first`` N if given.

    Raises `FileError` if they are no pair, or hold fewer.
    """
    pixels, classes = read_idx(images), read_idx(labels)
    if pixels.ndim != 3 or classes.ndim != 1 or len(pixels) != len(classes):
        raise FileError(
            f"{images} needs three axes and {labels} one of the same length, not {pixels.shape} and {classes.shape}"
        )
    if first and first > len(pixels):
        raise FileError(f"{images}: holds {len(pixels):,} images, not the first {first:,}")
    return pixels[:first, None], classes[:first]
