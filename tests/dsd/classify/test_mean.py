"""Means from numbers and from files."""

from __future__ import annotations

import numpy as np
import pytest

from dsd.classify.mean import read_mean
from netdef.errors import FileError, NetdefError
from netdef.schema.messages import BlobProto

IMAGE = np.arange(24, dtype=np.float32).reshape(3, 2, 4)


def test_numbers_are_channels_and_one_number_is_all():
    mean = read_mean("104,117.5,123", 3)
    assert mean.shape == (3, 1, 1) and mean.dtype == np.float32 and mean.ravel().tolist() == [104, 117.5, 123]
    assert read_mean("7", 3).ravel().tolist() == [7, 7, 7]


@pytest.mark.parametrize("array, wanted", [
    (IMAGE, IMAGE),
    (IMAGE[None].astype(np.float64), IMAGE),
    (np.array([1.0, 2, 3]), np.array([[[1]], [[2]], [[3]]])),
    (np.array([5.0]), np.full((3, 1, 1), 5)),
], ids=["image", "with a leading axis", "channels", "one number"])
def test_a_numpy_file(tmp_path, array, wanted):
    np.save(tmp_path / "mean.npy", array)
    found = read_mean(str(tmp_path / "mean.npy"), 3)
    assert found.dtype == np.float32 and np.array_equal(found, wanted)


def test_a_binaryproto(tmp_path):
    """As `compute_image_mean` writes it: num, channels, height and width, and the numbers."""
    path = tmp_path / "mean.binaryproto"
    path.write_bytes(BlobProto(num=1, channels=3, height=2, width=4, data=IMAGE.ravel().tolist()).SerializeToString())
    assert np.array_equal(read_mean(str(path), 3), IMAGE)


def test_another_number_of_channels(tmp_path):
    np.save(tmp_path / "mean.npy", IMAGE)
    for text, shape in (("1,2", r"\(2, 1, 1\)"), (str(tmp_path / "mean.npy"), r"\(3, 2, 4\)")):
        with pytest.raises(NetdefError, match=rf"--mean {text} has shape {shape}; the net's images have 1 channel"):
            read_mean(text, 1)


@pytest.mark.parametrize("name, content", [
    ("absent.binaryproto", None), ("cut.npy", b"\x93NUMPY\x01\x00"), ("text.binaryproto", b"\xffno blob"),
    ("short.binaryproto", BlobProto(num=1, channels=3, height=2, width=4, data=[1.0, 2]).SerializeToString())])
def test_what_is_neither_numbers_nor_a_mean_file(tmp_path, name, content):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(FileError, match=f"{name}: cannot be read as a mean image: "):
        read_mean(str(tmp_path / name), 3)
