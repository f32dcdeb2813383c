"""Read an array of numbers from a MATLAB file: of level 5, with or without compression, or of 7.3, which is HDF5."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np

from netdef.errors import FileError

# Of the MAT-file format, level 5: types of data elements, and of numbers.
_MATRIX, _COMPRESSED = 14, 15
_NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_OF_NUMBERS = range(6, 16)  # classes of arrays
_COMPLEX = 0x0800


def read_mat(path: Path, name: str) -> np.ndarray:
    """The array ``name`` with MATLAB's axes, as float32. Raises `FileError` for a file without it, and a damaged one."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}") from error
    if data[512:520] == b"\x89HDF\r\n\x1a\n" or data[:8] == b"\x89HDF\r\n\x1a\n":
        return _of_hdf5(path, name)
    order = {b"IM": "<", b"MI": ">"}.get(data[126:128])
    if order is None:
        raise FileError(f"{path}: is no MATLAB file of version 5 or later")
    try:
        found = _find(data[128:], order, name)
    except (struct.error, zlib.error, IndexError, ValueError, KeyError) as error:
        raise FileError(f"{path}: is damaged, or holds something other than numbers: {error}") from error
    if found is None:
        raise FileError(f"{path}: has no variable `{name}` of numbers")
    return found


def _find(data: bytes, order: str, name: str) -> np.ndarray | None:
    """The array of a name among the elements of a file."""
    place = 0
    while place < len(data):
        kind, content, place = _element(data, place, order)
        if kind == _COMPRESSED:
            found = _find(zlib.decompress(content), order, name)
            if found is not None:
                return found
        elif kind == _MATRIX:
            parts: list[tuple[int, bytes]] = []
            inner = 0
            while inner < len(content) and len(parts) < 4:
                part_kind, part, inner = _element(content, inner, order)
                parts.append((part_kind, part))
            flags = struct.unpack_from(f"{order}I", parts[0][1])[0] if parts else 0
            if len(parts) == 4 and parts[2][1].decode("latin-1") == name and flags & 0xFF in _OF_NUMBERS:
                if flags & _COMPLEX:
                    raise ValueError("complex numbers")
                sizes = np.frombuffer(parts[1][1], f"{order}i4")
                numbers = np.frombuffer(parts[3][1], order + _NUMBERS[parts[3][0]])
                return numbers.astype(np.float32).reshape(sizes, order="F")
    return None


def _element(data: bytes, place: int, order: str) -> tuple[int, bytes, int]:
    """The type and the bytes of the element at a place, and the place of the next. Small ones have both in one word."""
    kind, size = struct.unpack_from(f"{order}2I", data, place)
    if kind >> 16:
        size = kind >> 16
        return kind & 0xFFFF, data[place + 4 : place + 4 + size], place + 8
    content = data[place + 8 : place + 8 + size]
    if len(content) != size:
        raise ValueError("it ends too early")
    return kind, content, place + 8 + (size if kind == _COMPRESSED else -(-size // 8) * 8)


def _of_hdf5(path: Path, name: str) -> np.ndarray:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            found = file.get(name)
            if not isinstance(found, h5py.Dataset) or found.dtype.kind not in "fiu":
                raise FileError(f"{path}: has no variable `{name}` of numbers")
            return np.asarray(found[()], np.float32).T
    except (OSError, RuntimeError) as error:
        raise FileError(f"{path}: cannot be read as HDF5: {error}") from error
