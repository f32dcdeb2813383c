"""Blobs in HDF5 files and databases."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest

from dsd.features.write import database_features, hdf5_features
from netdef.data.databases.lmdb import LmdbRecords
from netdef.data.databases.records import key_text
from netdef.data.images.datum import datum_array, parse_datum
from netdef.errors import NetdefError

RNG = np.random.default_rng(6)


def batch(count: int) -> dict[str, np.ndarray]:
    return {"maps": RNG.random((count, 2, 3, 5), np.float32), "scores": RNG.random((count, 4), np.float32)}


def test_hdf5_files_grow_batch_by_batch(tmp_path: Path):
    batches = [batch(3), batch(2)]
    with hdf5_features(tmp_path / "x.h5") as writer:
        for arrays in batches:
            writer.write(arrays)
    with h5py.File(tmp_path / "x.h5") as file:
        for name in ("maps", "scores"):
            np.testing.assert_array_equal(file[name][:], np.concatenate([arrays[name] for arrays in batches]))


def test_databases_have_a_float_datum_an_item(tmp_path: Path):
    batches = [batch(3), batch(2)]
    with database_features({"maps": tmp_path / "m", "scores": tmp_path / "s"}, "LMDB", replace=False) as writer:
        for arrays in batches:
            writer.write(arrays)
    for name, path, shape in (("maps", "m", (2, 3, 5)), ("scores", "s", (4, 1, 1))):
        items = LmdbRecords(tmp_path / path).read(0, 5)
        assert [key_text(item) for item in items] == [f"{i:010}" for i in range(5)]
        expected = np.concatenate([arrays[name] for arrays in batches])
        for (_, value), array in zip(items, expected):
            np.testing.assert_array_equal(datum_array(parse_datum(value)), array.reshape(shape))


def test_no_file_is_left_after_a_batch_of_another_shape(tmp_path: Path):
    with pytest.raises(NetdefError, match=r"blob `x` has items of shape \(3,\), those before of \(2,\)"):
        with hdf5_features(tmp_path / "x.h5") as writer:
            writer.write({"x": np.zeros((4, 2), np.float32)})
            writer.write({"x": np.zeros((4, 3), np.float32)})
    assert not list(tmp_path.iterdir())


def test_blobs_of_four_axes_are_refused_for_databases(tmp_path: Path):
    with pytest.raises(NetdefError, match="blob `x` has 5 axes, and a datum three; write it as HDF5"):
        with database_features({"x": tmp_path / "x"}, "LMDB", replace=False) as writer:
            writer.write({"x": np.zeros((2, 1, 1, 1, 3), np.float32)})
    assert not list(tmp_path.iterdir())
