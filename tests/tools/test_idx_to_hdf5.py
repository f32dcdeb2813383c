"""Pixels of IDX files are standardised by the mean and deviation of the training images."""

from __future__ import annotations

import gzip
import struct

import h5py
import numpy as np
from click.testing import CliRunner


def write_idx(path, values):
    header = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
    path.write_bytes(gzip.compress(header + values.astype(np.uint8).tobytes()))


def test_the_first_images_and_all_test_images(tool, tmp_path):
    train = np.array([0, 0, 0, 0, 255, 255, 255, 255, 0, 255, 0, 255]).reshape(3, 2, 2)  # mean 0.5, deviation 0.5
    test = np.array([51, 102, 153, 204] * 5).reshape(5, 2, 2)
    for stem, images in (("train", train), ("t10k", test)):
        write_idx(tmp_path / f"{stem}-images-idx3-ubyte.gz", images)
        write_idx(tmp_path / f"{stem}-labels-idx1-ubyte.gz", np.arange(len(images)))
    done = CliRunner().invoke(tool("idx_to_hdf5").main, [str(tmp_path), str(tmp_path / "out"), "--first", "2"])
    assert done.exit_code == 0, done.output
    with h5py.File(tmp_path / "out" / "train.h5") as h5:
        np.testing.assert_array_equal(h5["data"][:], np.float32([[[[-1, -1], [-1, -1]]], [[[1, 1], [1, 1]]]]))
        assert h5["label"][:].tolist() == [0, 1]
    with h5py.File(tmp_path / "out" / "test.h5") as h5:
        np.testing.assert_allclose(h5["data"][3], [[[-0.6, -0.2], [0.2, 0.6]]], rtol=1e-6)
        assert h5["label"][:].tolist() == [0, 1, 2, 3, 4]
    assert (tmp_path / "out" / "train.txt").read_text() == "train.h5\n"
