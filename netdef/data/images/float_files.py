"""Files of floats, as (channels, height, width): FlowNet 2's .float3, and .pfm."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from netdef.errors import FileError


def read_float3(path: str | os.PathLike[str]) -> np.ndarray:
    """Read a file of lines `float`, the number of sides (2 or 3), width, height and channels, and floats behind them.

    Raises `FileError` for anything else.
    """
    data = _bytes(path)
    try:
        kind, sides, rest = data.split(b"\n", 2)
        if kind != b"float" or sides.strip() not in (b"2", b"3"):
            raise ValueError
        *sizes, values = rest.split(b"\n", int(sides))
        width, height, channels = (*map(int, sizes), 1)[:3]
        return np.frombuffer(values, "<f4", channels * height * width).reshape(channels, height, width)
    except ValueError:
        raise FileError(f"{os.fspath(path)}: is no file of floats with two or three sides, or is cut short") from None


def read_pfm(path: str | os.PathLike[str]) -> np.ndarray:
    """Read a portable float map, of one channel (`Pf`) or three (`PF`). Raises `FileError` for anything else."""
    data = _bytes(path)
    try:
        kind, size, scale, values = data.split(b"\n", 3)
        channels = {b"Pf": 1, b"PF": 3}[kind.strip()]
        width, height = map(int, size.split())
        order = "<f4" if float(scale) < 0 else ">f4"
        rows = np.frombuffer(values, order, channels * height * width).reshape(height, width, channels)
    except (KeyError, ValueError):
        raise FileError(f"{os.fspath(path)}: is no portable float map (.pfm), or is cut short") from None
    return rows[::-1].transpose(2, 0, 1).astype(np.float32)  # the last row is first in the file


def _bytes(path: str | os.PathLike[str]) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise FileError(f"{os.fspath(path)}: {error.strerror or error}") from error
