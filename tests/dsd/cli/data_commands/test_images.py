"""dsd-data images: lists of images become databases."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from caffe_cli import IMAGES
from data_command import RESIZE, convert, database, mean_image, run
from PIL import Image

from netdef.data.databases.lmdb import LmdbRecords
from netdef.data.databases.records import key_text


def test_images_that_cannot_be_read_are_named_and_left_out(tmp_path: Path):
    shown = convert(tmp_path / "db", *RESIZE, listed="list_spaces.txt")
    assert "2 images, 1 left out" in shown and "missing.png: No such file" in shown
    assert [key_text(item) for item in LmdbRecords(tmp_path / "db").read(0, 2)] == [
        "00000000_im0.png",
        "00000002_im1.png",
    ]


def test_wrong_root_folder_is_refused_with_a_hint(tmp_path: Path):
    shown = run("images", tmp_path, IMAGES / "list.txt", tmp_path / "none", status=2)
    assert "not one of its 6 images could be read" in shown and not (tmp_path / "none").exists()
    assert [f"{name}.png: No such file" in shown for name in ("im0", "im2", "im3")] == [True, True, False]
    assert "left out: 3 more that cannot be read" in shown


def test_many_unreadable_images_are_reported_as_a_count_and_three_names(tmp_path: Path):
    names = "".join(f"{i}\x1b[2J.png {i}\n" for i in range(1000))
    (tmp_path / "list.txt").write_text(f"{names}im0.png 7\n")
    shown = run("images", IMAGES / "img", tmp_path / "list.txt", tmp_path / "db")
    assert f"{tmp_path / 'db'}: 1 image, 1,000 left out" in shown
    assert shown.count("No such file") == 3 and r"0\x1b[2J.png: No such file" in shown
    assert "left out: 997 more that cannot be read" in shown


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_list_from_windows_is_read(tmp_path: Path, encoding: str):
    """With a byte order mark, CRLF, backslashes, tabs and a blank line: the first image is not lost."""
    for name in ("one", "two"):
        (tmp_path / "sub folder").mkdir(exist_ok=True)
        Image.new("RGB", (4, 3)).save(tmp_path / "sub folder" / f"{name}.png")
    text = "sub folder\\one.png\t5\r\n\r\nsub folder\\two.png 6\r\n"
    (tmp_path / "list.txt").write_bytes(text.encode(encoding))
    assert "db: 2 images\n" in run("images", tmp_path, tmp_path / "list.txt", tmp_path / "db")
    assert [label for label, _ in database(tmp_path / "db")] == [5, 6]


def test_several_labels_a_line_are_reported(tmp_path: Path):
    (tmp_path / "list.txt").write_text("im0.png 1 0\nim1.png 0 1\n")
    shown = run("images", IMAGES / "img", tmp_path / "list.txt", tmp_path / "db", status=2)
    assert "im0.png 1: No such file or directory; a line is a path and one label: several labels need" in shown


@pytest.fixture
def classes(tmp_path: Path) -> Path:
    """Two classes of 3 and 4 images of 3 x 5, one of them in a folder further down, and files that are no images."""
    folder = tmp_path / "train"
    for name, value in {"cat/0.png": 1, "cat/1.JPG": 2, "cat/old/2.bmp": 3, "dog/0.png": 4, "dog/1.png": 5, "dog/2.png": 6,
                        "dog/3.png": 7}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (5, 3), 30 * value).save(folder / name)
    (folder / "cat" / "notes.md").write_text("not an image")
    (folder / "labels.txt").write_text("not a class")
    return folder


def test_folders_are_classes(classes: Path, tmp_path: Path):
    shown = run("images", classes, tmp_path / "db", "--gray")
    assert "db: 7 images" in shown and "db.txt: the list; its labels are 0 cat, 1 dog" in shown
    labels = [label for label, _ in database(tmp_path / "db")]
    assert sorted(labels) == [0, 0, 0, 1, 1, 1, 1] and labels != sorted(labels)
    listed = [line.rsplit(" ", 1) for line in (tmp_path / "db.txt").read_text().splitlines()]
    assert [int(label) for _, label in listed] == labels
    assert sorted(listed) == [["cat/0.png", "0"], ["cat/1.JPG", "0"], ["cat/old/2.bmp", "0"], *(
        [f"dog/{i}.png", "1"] for i in range(4))]
    for (_, image), (name, _) in zip(database(tmp_path / "db"), listed):
        with Image.open(classes / name) as file:
            assert np.abs(image[0] - np.asarray(file, int)).max() <= 1


def test_the_list_of_the_folders_makes_the_same_database(classes: Path, tmp_path: Path):
    run("images", classes, tmp_path / "one", "--seed=3")
    run("images", classes, tmp_path / "one.txt", tmp_path / "two")
    one, two = (LmdbRecords(tmp_path / name).read(0, 7) for name in ("one", "two"))
    assert one == two
    run("images", classes, tmp_path / "three", "--seed=4")
    assert (tmp_path / "three.txt").read_text() != (tmp_path / "one.txt").read_text()


def test_existing_list_is_kept(classes: Path, tmp_path: Path):
    (tmp_path / "db.txt").write_text("mine")
    assert "db.txt: already exists" in run("images", classes, tmp_path / "db", status=2)
    assert (tmp_path / "db.txt").read_text() == "mine" and not (tmp_path / "db").exists()
    run("images", classes, tmp_path / "db", "--force")
    assert (tmp_path / "db.txt").read_text() != "mine"


@pytest.mark.parametrize("paths", [("a",), ("a", "b", "c", "d"), ()])
def test_a_wrong_number_of_paths_is_refused(paths: tuple[str, ...]):
    assert "give FOLDER and DB_NAME, or FOLDER, LISTFILE and DB_NAME" in run("images", *paths, status=2)


def test_label_beyond_32_bits_is_refused(tmp_path: Path):
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


def test_check_size_refuses_different_sizes(tmp_path: Path):
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
    assert mean_image(tmp_path / "mean").shape == (1, 3, 9, 7)
