"""CIFAR-10, as binary files and as folders of images; zip files are in the tests of dsd-data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netdef.data.importers.cifar import read_cifar
from netdef.errors import FileError


@pytest.fixture
def binary(tmp_path: Path) -> np.ndarray:
    """The rows of the six files of the binary version, two a file: label, and pixels red, green, blue."""
    rows = np.random.default_rng(4).integers(0, 256, (6, 2, 3073), dtype=np.uint8)
    rows[..., 0] %= 10
    for name, part in zip([*(f"data_batch_{i}.bin" for i in range(1, 6)), "test_batch.bin"], rows):
        part.tofile(tmp_path / name)
    return rows


def test_binary_files_keep_their_order(binary: np.ndarray, tmp_path: Path):
    for part, expected in (("train", binary[:5].reshape(10, -1)), ("test", binary[5])):
        images, labels = read_cifar(tmp_path, part)
        np.testing.assert_array_equal(labels, expected[:, 0])
        np.testing.assert_array_equal(images.reshape(len(expected), -1), expected[:, 1:])
    images, labels = read_cifar(tmp_path, "train", first=3)
    np.testing.assert_array_equal(labels, binary[:2].reshape(4, -1)[:3, 0])


def test_bad_binary_files_are_refused(binary: np.ndarray, tmp_path: Path):
    with pytest.raises(FileError, match="train holds 10 images, not the first 11"):
        read_cifar(tmp_path, "train", first=11)
    (tmp_path / "data_batch_2.bin").write_bytes(bytes(3072))
    with pytest.raises(FileError, match="data_batch_2.bin: its 3072 bytes are no rows of 3073"):
        read_cifar(tmp_path, "train")
    (tmp_path / "data_batch_1.bin").unlink()
    with pytest.raises(FileError, match="data_batch_1.bin: No such file"):
        read_cifar(tmp_path, "train")


def test_images_are_shuffled_alike_every_time_red_first(tmp_path: Path):
    for kind in ("cat", "dog"):
        (tmp_path / "train" / kind).mkdir(parents=True)
        for i in range(10):
            Image.new("RGB", (32, 32), (i, 100, 200)).save(tmp_path / "train" / kind / f"{i:02}.png")
    passed = []
    images, labels = read_cifar(tmp_path, "train", lambda items: map(lambda item: passed.append(1) or item, items))
    assert len(passed) == 20 and sorted(labels) == [0] * 10 + [1] * 10 and sorted(labels) != list(labels)
    assert (images[:, 1:, 3, 4] == [100, 200]).all() and sorted(images[:, 0, 5, 6]) == sorted(2 * [*range(10)])
    np.testing.assert_array_equal(read_cifar(tmp_path, "train", first=7)[0], images[:7])


def test_bad_images_are_refused(tmp_path: Path):
    with pytest.raises(FileError, match="has neither data_batch_1.bin nor train/<class>/<image>"):
        read_cifar(tmp_path, "train")
    (tmp_path / "train" / "cat").mkdir(parents=True)
    Image.new("RGB", (31, 32)).save(tmp_path / "train" / "cat" / "0.png")
    with pytest.raises(FileError, match=r"0.png: is of shape \(3, 32, 31\), not \(3, 32, 32\)"):
        read_cifar(tmp_path, "train")
    (tmp_path / "train" / "cat" / "0.png").write_bytes(b"no image")
    with pytest.raises(FileError, match="0.png: holds an image that cannot be decoded"):
        read_cifar(tmp_path, "train")
    with pytest.raises(FileError, match="0.png: is neither a folder nor a zip file"):
        read_cifar(tmp_path / "train" / "cat" / "0.png", "train")
