"""IDX files, as of MNIST."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from netdef.data.importers.idx import read_idx, read_labelled
from netdef.errors import FileError

RNG = np.random.default_rng(4)


def idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


@pytest.mark.parametrize("shape", [(7,), (2, 3), (3, 4, 5)])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_any_number_of_axes_is_read_compressed_or_not(tmp_path: Path, shape: tuple[int, ...], pack):
    array = RNG.integers(0, 256, shape, dtype=np.uint8)
    (tmp_path / "x").write_bytes(pack(idx(array)))
    np.testing.assert_array_equal(read_idx(tmp_path / "x"), array)


@pytest.mark.parametrize(
    "data, said",
    [
        (b"", "is no IDX file of unsigned bytes"),
        (b"\x7fELF and so on", "is no IDX file of unsigned bytes; it begins with `7f 45 4c 46`"),
        (bytes([0, 0, 13, 1, 0, 0, 0, 1]), "is no IDX file of unsigned bytes"),  # of floats
        (idx(np.zeros((3, 4), np.uint8))[:-1], r"says \(3, 4\) and holds 11 values"),
        (idx(np.zeros((3, 4), np.uint8))[:9], r"says \(\) and holds -3 values"),
        (b"\x1f\x8b broken", "x: "),
        (gzip.compress(idx(np.zeros(9, np.uint8)), mtime=0)[:-9], "x: Compressed file ended"),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, data: bytes, said: str):
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(FileError, match=said):
        read_idx(tmp_path / "x")
    with pytest.raises(FileError, match="nothing: No such file"):
        read_idx(tmp_path / "nothing")


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Seven images of 4 x 5, and their labels."""
    (tmp_path / "images").write_bytes(idx(np.arange(140, dtype=np.uint8).reshape(7, 4, 5)))
    (tmp_path / "labels").write_bytes(idx(np.arange(7, dtype=np.uint8)))
    return tmp_path / "images", tmp_path / "labels"


def test_a_pair_or_the_first_of_it(pair: tuple[Path, Path]):
    images, labels = read_labelled(*pair)
    assert images.shape == (7, 1, 4, 5) and labels.tolist() == [0, 1, 2, 3, 4, 5, 6]
    first, few = read_labelled(*pair, first=3)
    np.testing.assert_array_equal(first, images[:3])
    assert few.tolist() == [0, 1, 2]
    with pytest.raises(FileError, match="images: holds 7 images, not the first 8"):
        read_labelled(*pair, first=8)


def test_files_that_do_not_match_are_refused(pair: tuple[Path, Path]):
    pair[1].write_bytes(idx(np.zeros(6, np.uint8)))
    with pytest.raises(FileError, match=r"not \(7, 4, 5\) and \(6,\)"):
        read_labelled(*pair)
    with pytest.raises(FileError, match=r"not \(6,\) and \(7, 4, 5\)"):
        read_labelled(*reversed(pair))
