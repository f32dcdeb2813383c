"""The makers of databases, and the digits that one of them made."""

from __future__ import annotations

import gzip
import io
import struct
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netdef.data.datum import datum_array, parse_datum
from netdef.data.lmdb import LmdbRecords
from netdef.schema.blobs import to_array
from netdef.schema.messages import BlobProto

ROOT = Path(__file__).parents[2]
RNG = np.random.default_rng(4)


def run(tool: str, *arguments: object) -> subprocess.CompletedProcess:
    command = [sys.executable, str(ROOT / "tools" / tool), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def database(path: Path) -> list[tuple[int, np.ndarray]]:
    datums = [parse_datum(value) for _, value in LmdbRecords(path).walk()]
    return [(datum.label, datum_array(datum)) for datum in datums]


def idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def test_idx_files(tmp_path: Path):
    images, labels = RNG.integers(0, 256, (7, 4, 5), dtype=np.uint8), RNG.integers(0, 10, 7, dtype=np.uint8)
    (tmp_path / "images.gz").write_bytes(gzip.compress(idx(images)))
    (tmp_path / "labels").write_bytes(idx(labels))
    arguments = tmp_path / "images.gz", tmp_path / "labels", tmp_path / "db", "--mean", tmp_path / "mean.binaryproto"
    done = run("idx_to_lmdb.py", *arguments)
    assert done.returncode == 0, done.stderr
    for (label, image), expected, pixels in zip(database(tmp_path / "db"), labels, images, strict=True):
        assert label == expected
        np.testing.assert_array_equal(image, pixels[None])
    mean = to_array(BlobProto.FromString((tmp_path / "mean.binaryproto").read_bytes()))
    np.testing.assert_allclose(mean, images.mean(axis=0)[None, None], rtol=1e-6)
    again = run("idx_to_lmdb.py", *arguments)
    assert again.returncode == 1 and "is there already" in again.stderr and "Traceback" not in again.stderr


@pytest.mark.parametrize(
    "images, labels, said",
    [
        (idx(np.zeros((3, 4, 5), np.uint8)), idx(np.zeros(2, np.uint8)), "(3, 4, 5) and (2,)"),
        (idx(np.zeros((3, 4, 5), np.uint8))[:-1], idx(np.zeros(3, np.uint8)), "says (3, 4, 5) and holds 59 values"),
        (b"\x7fELF and so on", idx(np.zeros(3, np.uint8)), "is no IDX file of unsigned bytes"),
        (b"\x1f\x8b broken", idx(np.zeros(3, np.uint8)), "images"),
        (b"", idx(np.zeros(3, np.uint8)), "is no IDX file"),
    ],
)
def test_idx_files_that_are_refused(tmp_path: Path, images: bytes, labels: bytes, said: str):
    (tmp_path / "images").write_bytes(images)
    (tmp_path / "labels").write_bytes(labels)
    done = run("idx_to_lmdb.py", tmp_path / "images", tmp_path / "labels", tmp_path / "db")
    assert done.returncode == 1 and said in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "db").exists()


def test_cifar_binaries(tmp_path: Path):
    rows = RNG.integers(0, 256, (6, 2, 3073), dtype=np.uint8)
    rows[..., 0] %= 10
    for name, part in zip([*(f"data_batch_{i}.bin" for i in range(1, 6)), "test_batch.bin"], rows):
        part.tofile(tmp_path / name)
    done = run("cifar_to_lmdb.py", tmp_path, tmp_path)
    assert done.returncode == 0, done.stderr
    for name, expected in (("train", rows[:5].reshape(10, -1)), ("test", rows[5])):
        for (label, image), row in zip(database(tmp_path / f"cifar10_{name}_lmdb"), expected, strict=True):
            assert label == row[0]
            np.testing.assert_array_equal(image.ravel(), row[1:])


def test_cifar_images_in_a_zip_file(tmp_path: Path):
    red = {
        "train/cat/0.png": 5,
        "train/dog/0.png": 15,
        "train/dog/1.png": 16,
        "test/cat/7.png": 25,
        "test/dog/8.png": 35,
    }
    with zipfile.ZipFile(tmp_path / "images.zip", "w") as archive:
        for name, value in red.items():
            buffer = io.BytesIO()
            Image.new("RGB", (32, 32), (value, 100, 200)).save(buffer, "PNG")
            archive.writestr(name, buffer.getvalue())
    done = run("cifar_to_lmdb.py", tmp_path / "images.zip", tmp_path)
    assert done.returncode == 0, done.stderr
    train = database(tmp_path / "cifar10_train_lmdb")
    assert sorted((label, image[0, 0, 0]) for label, image in train) == [(0, 5), (1, 15), (1, 16)]
    assert all(image[:, 1, 2].tolist()[1:] == [100, 200] for _, image in train)
    mean = to_array(BlobProto.FromString((tmp_path / "mean.binaryproto").read_bytes()))
    assert mean.shape == (1, 3, 32, 32)
    np.testing.assert_allclose(mean[0, :, 3, 4], [12, 100, 200])


def test_a_folder_without_cifar_is_refused(tmp_path: Path):
    done = run("cifar_to_lmdb.py", tmp_path, tmp_path)
    assert done.returncode == 1 and "has neither data_batch_1.bin nor train/<class>/<image>" in done.stderr


def test_the_shipped_digits():
    for name, count in (("train", 1500), ("test", 297)):
        digits = database(ROOT / "models" / "digits" / f"{name}_lmdb")
        assert len(digits) == count
        assert {image.shape for _, image in digits} == {(1, 8, 8)}
        assert {int(image.max()) for _, image in digits} <= set(range(10, 17)) and digits[0][1].dtype == np.uint8
        shares = Counter(label for label, _ in digits)
        assert sorted(shares) == list(range(10))
        assert max(shares.values()) - min(shares.values()) <= 0.05 * count
