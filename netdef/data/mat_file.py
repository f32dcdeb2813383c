"""Read an array of numbers from a MATLAB file of any version; those of 7.3 are HDF5."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import numpy as np

from netdef.errors import FileError, NetdefError
from netdef.extras import need_scipy


def read_mat(path: Path, name: str) -> np.ndarray:
    """The array ``name`` with MATLAB's axes, as float32.

    Raises `FileError` for a file without it and for a damaged one, `NetdefError` if scipy is not installed.
    """
    import h5py

    try:
        with path.open("rb") as file:
            found = _of_hdf5(path, name) if h5py.is_hdf5(path) else _of_scipy(file, name)
    except NetdefError:
        raise
    except FileNotFoundError as error:
        raise FileError(f"{path}: {error.strerror}") from error
    except Exception as error:  # which one depends on where the file is damaged
        raise FileError(f"{path}: is no MATLAB file, or a damaged one: {error}") from error
    if not isinstance(found, np.ndarray) or found.dtype.kind not in "fiu":
        raise FileError(f"{path}: has no variable `{name}` of real numbers")
    return found.astype(np.float32)


def _of_scipy(file: BinaryIO, name: str) -> object:
    need_scipy("MATLAB's format")
    from scipy.io import loadmat

    return loadmat(file, variable_names=[name]).get(name)


def _of_hdf5(path: Path, name: str) -> object:
    import h5py

    with h5py.File(path, "r") as file:
        found = file.get(name)
        return found[()].T if isinstance(found, h5py.Dataset) and found.ndim else None
