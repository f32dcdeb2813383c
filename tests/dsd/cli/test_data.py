"""dsd-data: databases made, averaged, shown, checked."""

from __future__ import annotations

import gzip
import io
import re
import shutil
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from caffe_cli import IMAGES
from click.testing import CliRunner
from oracle import shared
from PIL import Image

from dsd.cli.data import main
from netdef.data.databases.lmdb import LmdbRecords
from netdef.data.databases.records import key_text
from netdef.data.images.datum import datum_array, parse_datum
from netdef.schema.blobs import to_array
from netdef.schema.messages import BlobProto

RNG = np.random.default_rng(4)
RESIZE = "--resize_height=9", "--resize_width=7"


def run(*args: object, status: int = 0) -> str:
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exit_code == status, f"{result.output}\n{result.exception!r}"
    return result.output


def convert(output: Path, *flags: str, listed: str = "list.txt", status: int = 0) -> str:
    return run("images", *flags, IMAGES / "img", IMAGES / listed, output, status=status)


def database(path: Path) -> list[tuple[int, np.ndarray]]:
    datums = [parse_datum(value) for _, value in LmdbRecords(path).walk()]
    return [(datum.label, datum_array(datum)) for datum in datums]


def mean(path: Path) -> np.ndarray:
    return to_array(BlobProto.FromString(path.read_bytes()))


def idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def test_images_and_their_mean_as_recorded(tmp_path: Path):
    assert "6 images" in convert(tmp_path / "db", *RESIZE)
    shown = run("mean", tmp_path / "db", tmp_path / "mean.binaryproto")
    for channel, value in enumerate(("131.233", "124.899", "130.601")):
        assert f"mean_value channel [{channel}]: {value}" in shown
    np.testing.assert_allclose(mean(tmp_path / "mean.binaryproto"), mean(IMAGES / "mean.binaryproto"), rtol=1e-6)
    convert(tmp_path / "grey", "-gray", *RESIZE)
    assert "mean_value channel [0]: 127.011" in run("mean", tmp_path / "grey")


@pytest.mark.parametrize("database, name, log", [
    ("gray_lmdb", "gray", "gray"), ("encpng_lmdb", "enc", "encoded"), ("resize_leveldb", "ldb", "leveldb")])
def test_means_of_the_recorded_databases(tmp_path: Path, database: str, name: str, log: str):
    if log == "leveldb":
        pytest.importorskip("plyvel")
    copy = shutil.copytree(shared(f"golden/cli/images/{database}"), tmp_path / "db", copy_function=shutil.copyfile)
    Path(copy).chmod(0o755)  # LevelDB writes where it reads
    shown = run("mean", copy, tmp_path / "mean.binaryproto")
    recorded = shared(f"golden/cli/images/mean_{name}.binaryproto")
    np.testing.assert_allclose(mean(tmp_path / "mean.binaryproto"), mean(recorded), rtol=1e-6)
    told = shared(f"golden/cli/images/mean_{log}.stderr.txt").read_text()
    assert re.findall(r"mean_value channel .*", told) == re.findall(r"mean_value channel .*", shown)


def test_images_that_cannot_be_read_are_named_and_left_out(tmp_path: Path):
    shown = convert(tmp_path / "db", *RESIZE, listed="list_spaces.txt")
    assert "2 images, 1 left out" in shown and "missing.png: No such file" in shown
    assert [key_text(item) for item in LmdbRecords(tmp_path / "db").read(0, 2)] == [
        "00000000_im0.png",
        "00000002_im1.png",
    ]
    shown = run("images", tmp_path, IMAGES / "list.txt", tmp_path / "none", status=2)
    assert "not one of its 6 images could be read" in shown and not (tmp_path / "none").exists()


def test_a_label_that_no_datum_can_hold(tmp_path: Path):
    (tmp_path / "list.txt").write_text("im0.png 1\n\nim1.png 2147483648\n")
    shown = run("images", IMAGES / "img", tmp_path / "list.txt", tmp_path / "db", status=2)
    assert "list.txt:3: `2147483648` is no label; labels are whole numbers from -2147483648 to 2147483647" in shown
    assert not (tmp_path / "db").exists()


def test_shuffling_follows_from_the_seed(tmp_path: Path):
    orders = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        convert(tmp_path / name, *RESIZE, "--shuffle", f"--seed={seed}")
        orders.append([label for label, _ in database(tmp_path / name)])
    assert orders[0] == orders[1] != orders[2] and sorted(orders[0]) == [0, 1, 2, 3, 4, 7]
    assert next(key_text(item) for item in LmdbRecords(tmp_path / "a").walk()).startswith("00000000_im")


def test_sizes_are_checked_where_asked_for(tmp_path: Path):
    shown = convert(tmp_path / "db", "--check_size", status=2)
    assert "im1.png: is of shape (3, 8, 8), im0.png of (3, 10, 12)" in shown and not list(tmp_path.iterdir())


def test_nothing_is_replaced_without_force(tmp_path: Path):
    convert(tmp_path / "db", *RESIZE)
    assert "db: already exists; --force replaces it" in convert(tmp_path / "db", status=2)
    convert(tmp_path / "db", "--force", *RESIZE, listed="list_spaces.txt")
    (tmp_path / "mean").write_text("mine")
    assert "--force" in run("mean", tmp_path / "db", tmp_path / "mean", status=2)
    assert (tmp_path / "mean").read_text() == "mine"
    run("mean", "--force", tmp_path / "db", tmp_path / "mean")
    assert mean(tmp_path / "mean").shape == (1, 3, 9, 7)


def test_show_and_verify(tmp_path: Path):
    convert(tmp_path / "db", "--encoded")
    shown = run("show", tmp_path / "db", "--count=4", "--save", tmp_path / "x.png")
    assert "00000003_im3.png" in shown and "im4" not in shown and "3x10x12" in shown and "encoded" in shown
    with Image.open(tmp_path / "x.png") as picture:
        assert picture.size == (4 * 12 + 3 * 2, 11)
    shown = run("show", tmp_path / "db", "--save", tmp_path / "x.pgn", status=2)
    assert "images cannot be encoded as `pgn`" in shown and "im3" not in shown
    shown = run("verify", tmp_path / "db", status=1)
    assert "6 records, encoded, labels 0 to 7 (6 of them)" in shown and "shapes, which only a crop_size" in shown
    convert(tmp_path / "same", *RESIZE)
    assert "6 records, 3x9x7, labels" in run("verify", tmp_path / "same")
    assert "nothing" in run("verify", tmp_path / "nothing", status=2)


def test_idx_files(tmp_path: Path):
    images, labels = RNG.integers(0, 256, (7, 4, 5), dtype=np.uint8), RNG.integers(0, 10, 7, dtype=np.uint8)
    (tmp_path / "images.gz").write_bytes(gzip.compress(idx(images)))
    (tmp_path / "labels").write_bytes(idx(labels))
    arguments = tmp_path / "images.gz", tmp_path / "labels", tmp_path / "db", "--mean", tmp_path / "mean.binaryproto"
    run("idx", *arguments)
    for (label, image), expected, pixels in zip(database(tmp_path / "db"), labels, images, strict=True):
        assert label == expected
        np.testing.assert_array_equal(image, pixels[None])
    np.testing.assert_allclose(mean(tmp_path / "mean.binaryproto"), images.mean(axis=0)[None, None], rtol=1e-6)
    assert "already exists" in run("idx", *arguments, status=2)


def test_the_first_of_idx_files_only(tmp_path: Path):
    images, labels = RNG.integers(0, 256, (7, 4, 5), dtype=np.uint8), RNG.integers(0, 10, 7, dtype=np.uint8)
    (tmp_path / "images").write_bytes(idx(images))
    (tmp_path / "labels").write_bytes(idx(labels))
    arguments = tmp_path / "images", tmp_path / "labels", tmp_path / "db", "--mean", tmp_path / "mean.binaryproto"
    assert "3 images" in run("idx", *arguments, "--first=3")
    assert [label for label, _ in database(tmp_path / "db")] == labels[:3].tolist()
    np.testing.assert_allclose(mean(tmp_path / "mean.binaryproto"), images[:3].mean(axis=0)[None, None], rtol=1e-6)
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
def test_idx_files_that_are_refused(tmp_path: Path, images: bytes, labels: bytes, said: str):
    (tmp_path / "images").write_bytes(images)
    (tmp_path / "labels").write_bytes(labels)
    assert said in run("idx", tmp_path / "images", tmp_path / "labels", tmp_path / "db", status=2)
    assert not (tmp_path / "db").exists()


def cifar_binaries(folder: Path) -> np.ndarray:
    """The binary version with two images a file; its rows, (file, image, label and pixels)."""
    rows = RNG.integers(0, 256, (6, 2, 3073), dtype=np.uint8)
    rows[..., 0] %= 10
    for name, part in zip([*(f"data_batch_{i}.bin" for i in range(1, 6)), "test_batch.bin"], rows):
        part.tofile(folder / name)
    return rows


def test_cifar_binaries(tmp_path: Path):
    rows = cifar_binaries(tmp_path)
    run("cifar", tmp_path, tmp_path / "made/here")
    for name, expected in (("train", rows[:5].reshape(10, -1)), ("test", rows[5])):
        for (label, image), row in zip(database(tmp_path / f"made/here/cifar10_{name}_lmdb"), expected, strict=True):
            assert label == row[0]
            np.testing.assert_array_equal(image.ravel(), row[1:])


def test_the_first_of_cifar_for_training_only(tmp_path: Path):
    rows = cifar_binaries(tmp_path)
    run("cifar", tmp_path, tmp_path, "--first=3")
    train = rows[:5].reshape(10, -1)[:3]
    assert [label for label, _ in database(tmp_path / "cifar10_train_lmdb")] == train[:, 0].tolist()
    assert [label for label, _ in database(tmp_path / "cifar10_test_lmdb")] == rows[5, :, 0].tolist()
    expected = train[:, 1:].mean(axis=0).reshape(1, 3, 32, 32)
    np.testing.assert_allclose(mean(tmp_path / "mean.binaryproto"), expected, rtol=1e-6)
    shown = run("cifar", tmp_path, tmp_path / "more", "--first=11", status=2)
    assert "holds 10 images, not the first 11" in shown and not (tmp_path / "more").exists()


def test_the_first_of_cifar_as_images_are_of_all_classes(tmp_path: Path):
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
    run("cifar", tmp_path / "images.zip", tmp_path)
    train = database(tmp_path / "cifar10_train_lmdb")
    assert sorted((label, image[0, 0, 0]) for label, image in train) == [(0, 5), (1, 15), (1, 16)]
    assert all(image[:, 1, 2].tolist()[1:] == [100, 200] for _, image in train)
    total = mean(tmp_path / "mean.binaryproto")
    assert total.shape == (1, 3, 32, 32)
    np.testing.assert_allclose(total[0, :, 3, 4], [12, 100, 200])


def test_a_folder_without_cifar_is_refused(tmp_path: Path):
    assert "has neither data_batch_1.bin nor train/<class>/<image>" in run("cifar", tmp_path, tmp_path, status=2)
