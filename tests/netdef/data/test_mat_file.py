"""MATLAB files, as scipy and h5py write them."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
from scipy.io import savemat

from netdef.data.mat_file import read_mat
from netdef.errors import FileError

ARRAY = np.arange(24, dtype=np.float32).reshape(2, 3, 4) - 3.5


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("kind", ["f4", "f8", "i2", "u1"])
def test_arrays_of_level_5(tmp_path: Path, kind: str, compressed: bool):
    array = ARRAY.astype(kind)
    savemat(tmp_path / "a.mat", {"n": np.zeros(2), "text": "abc", "data": array, "later": 1}, do_compression=compressed)
    found = read_mat(tmp_path / "a.mat", "data")
    assert found.dtype == np.float32 and np.array_equal(found, array)


def test_files_of_version_4(tmp_path: Path):
    savemat(tmp_path / "a.mat", {"data": ARRAY[0]}, format="4")
    assert np.array_equal(read_mat(tmp_path / "a.mat", "data"), ARRAY[0])


def test_files_that_are_hdf5_have_their_axes_reversed(tmp_path: Path):
    with h5py.File(tmp_path / "a.mat", "w", userblock_size=512) as file:
        file["data"] = ARRAY.T
    assert np.array_equal(read_mat(tmp_path / "a.mat", "data"), ARRAY)


def test_what_cannot_be_read(tmp_path: Path):
    file = tmp_path / "a.mat"
    with pytest.raises(FileError, match="a.mat: No such file"):
        read_mat(file, "data")
    file.write_bytes(b"no" * 100)
    with pytest.raises(FileError, match="is no MATLAB file, or a damaged one"):
        read_mat(file, "data")
    savemat(file, {"data": "text", "z": ARRAY + 1j})
    with pytest.raises(FileError, match="has no variable `data` of real numbers"):
        read_mat(file, "data")
    with pytest.raises(FileError, match="has no variable `z` of real numbers"):
        read_mat(file, "z")
    savemat(file, {"data": ARRAY})
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(FileError, match="is no MATLAB file, or a damaged one"):
        read_mat(file, "data")
    with h5py.File(file, "w") as hdf5:
        hdf5["other"] = ARRAY
    with pytest.raises(FileError, match="has no variable `data` of real numbers"):
        read_mat(file, "data")
