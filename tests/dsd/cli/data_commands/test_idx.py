"""dsd-data idx."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from data_command import database, mean_image, run

RNG = np.random.default_rng(4)


def idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def test_idx_files_become_a_database(tmp_path: Path):
    images, labels = RNG.integers(0, 256, (7, 4, 5), dtype=np.uint8), RNG.integers(0, 10, 7, dtype=np.uint8)
    (tmp_path / "images.gz").write_bytes(gzip.compress(idx(images)))
    (tmp_path / "labels").write_bytes(idx(labels))
    arguments = tmp_path / "images.gz", tmp_path / "labels", tmp_path / "db", "--mean", tmp_path / "mean.binaryproto"
    run("idx", *arguments)
    for (label, image), expected, pixels in zip(database(tmp_path / "db"), labels, images, strict=True):
        assert label == expected
        np.testing.assert_array_equal(image, pixels[None])
    np.testing.assert_allclose(mean_image(tmp_path / "mean.binaryproto"), images.mean(axis=0)[None, None], rtol=1e-6)
    assert "already exists" in run("idx", *arguments, status=2)


def test_first_limits_the_items(tmp_path: Path):
    images, labels = RNG.integers(0, 256, (7, 4, 5), dtype=np.uint8), RNG.integers(0, 10, 7, dtype=np.uint8)
    (tmp_path / "images").write_bytes(idx(images))
    (tmp_path / "labels").write_bytes(idx(labels))
    arguments = tmp_path / "images", tmp_path / "labels", tmp_path / "db", "--mean", tmp_path / "mean.binaryproto"
    assert "3 images" in run("idx", *arguments, "--first=3")
    assert [label for label, _ in database(tmp_path / "db")] == labels[:3].tolist()
    np.testing.assert_allclose(mean_image(tmp_path / "mean.binaryproto"), images[:3].mean(axis=0)[None, None], rtol=1e-6)
    assert "holds 7 images, not the first 8" in run("idx", *arguments, "--force", "--first=8", status=2)
    assert len(database(tmp_path / "db")) == 3
    assert "--first" in run("idx", *arguments, "--force", "--first=0", status=2)


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
def test_bad_idx_files_are_refused(tmp_path: Path, images: bytes, labels: bytes, said: str):
    (tmp_path / "images").write_bytes(images)
    (tmp_path / "labels").write_bytes(labels)
    assert said in run("idx", tmp_path / "images", tmp_path / "labels", tmp_path / "db", status=2)
    assert not (tmp_path / "db").exists()
