"""dsd-data cifar."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
from data_command import database, mean_image, run
from PIL import Image

RNG = np.random.default_rng(4)


def cifar_binaries(folder: Path) -> np.ndarray:
    """The binary version with two images a file; its rows, (file, image, label and pixels)."""
    rows = RNG.integers(0, 256, (6, 2, 3073), dtype=np.uint8)
    rows[..., 0] %= 10
    for name, part in zip([*(f"data_batch_{i}.bin" for i in range(1, 6)), "test_batch.bin"], rows):
        part.tofile(folder / name)
    return rows


def test_binary_files_become_databases_and_a_mean(tmp_path: Path):
    rows = cifar_binaries(tmp_path)
    run("cifar", tmp_path, tmp_path / "made/here")
    for name, expected in (("train", rows[:5].reshape(10, -1)), ("test", rows[5])):
        for (label, image), row in zip(database(tmp_path / f"made/here/cifar10_{name}_lmdb"), expected, strict=True):
            assert label == row[0]
            np.testing.assert_array_equal(image.ravel(), row[1:])


def test_first_limits_the_training_set_only(tmp_path: Path):
    rows = cifar_binaries(tmp_path)
    run("cifar", tmp_path, tmp_path, "--first=3")
    train = rows[:5].reshape(10, -1)[:3]
    assert [label for label, _ in database(tmp_path / "cifar10_train_lmdb")] == train[:, 0].tolist()
    assert [label for label, _ in database(tmp_path / "cifar10_test_lmdb")] == rows[5, :, 0].tolist()
    expected = train[:, 1:].mean(axis=0).reshape(1, 3, 32, 32)
    np.testing.assert_allclose(mean_image(tmp_path / "mean.binaryproto"), expected, rtol=1e-6)
    shown = run("cifar", tmp_path, tmp_path / "more", "--first=11", status=2)
    assert "holds 10 images, not the first 11" in shown and not (tmp_path / "more").exists()


def test_the_first_images_are_of_all_classes(tmp_path: Path):
    for part in ("train", "test"):
        for kind in ("cat", "dog"):
            (tmp_path / part / kind).mkdir(parents=True)
            for i in range(20):
                Image.new("RGB", (32, 32), (i, 100, 200)).save(tmp_path / part / kind / f"{i:02}.png")
    run("cifar", tmp_path, tmp_path)
    everything = [(label, image.tobytes()) for label, image in database(tmp_path / "cifar10_train_lmdb")]
    run("cifar", tmp_path, tmp_path, "--first=12", "--force")
    first = [(label, image.tobytes()) for label, image in database(tmp_path / "cifar10_train_lmdb")]
    assert first == everything[:12] and {label for label, _ in first} == {0, 1}
    assert len(database(tmp_path / "cifar10_test_lmdb")) == 40


def test_images_in_a_zip_file_are_read(tmp_path: Path):
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
    run("cifar", tmp_path / "images.zip", tmp_path)
    train = database(tmp_path / "cifar10_train_lmdb")
    assert sorted((label, image[0, 0, 0]) for label, image in train) == [(0, 5), (1, 15), (1, 16)]
    assert all(image[:, 1, 2].tolist()[1:] == [100, 200] for _, image in train)
    total = mean_image(tmp_path / "mean.binaryproto")
    assert total.shape == (1, 3, 32, 32)
    np.testing.assert_allclose(total[0, :, 3, 4], [12, 100, 200])


def test_a_folder_without_cifar_is_refused(tmp_path: Path):
    assert "has neither data_batch_1.bin nor train/<class>/<image>" in run("cifar", tmp_path, tmp_path, status=2)
