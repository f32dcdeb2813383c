"""`HDF5Data`: types, files, order, and errors."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from netdef.errors import FileError, SpecError

TEXT = "type: 'HDF5Data' top: 'x' top: 'y' hdf5_data_param { source: 'lists/list.txt' batch_size: 3 }"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., None]:
    """``write(a=arrays, b=arrays)``: files a.h5, b.h5 of data sets, listed in that order."""

    def files(**contents: dict) -> None:
        for name, sets in contents.items():
            with h5py.File(tmp_path / f"{name}.h5", "w") as file:
                for key, array in sets.items():
                    file[key] = array
        (tmp_path / "lists").mkdir(exist_ok=True)
        (tmp_path / "lists" / "list.txt").write_text("".join(f"{name}.h5\n" for name in contents))

    return files


def xy(first: int, count: int) -> dict[str, np.ndarray]:
    items = np.arange(first, first + count)
    return {"x": np.multiply.outer(items, np.ones((2, 4))), "y": items}


def labels(feed, batches: int) -> list[int]:
    return [int(label) for _ in range(batches) for label in next(feed)["y"]]


def test_files_follow_each_other_and_start_again(make_feed: Callable, write: Callable):
    write(a=xy(0, 4), b=xy(4, 1), c=xy(5, 2))
    feed = make_feed(TEXT)
    assert feed.shapes == {"x": (3, 2, 4), "y": (3,)}
    assert labels(feed, 5) == [i % 7 for i in range(15)]
    feed.seek(2)
    batch = next(feed)
    np.testing.assert_array_equal(batch["x"], np.multiply.outer([6, 0, 1], np.ones((2, 4))))


def test_images_are_changed_as_in_mikuhatsunes_fork(make_feed: Callable, write: Callable):
    images = np.arange(40 * 2 * 3 * 5.0).reshape(40, 2, 3, 5)
    write(a={"x": images, "y": np.arange(40)})
    text = TEXT.replace("batch_size: 3", "batch_size: 40 mean_value: [7, -2] scale: 0.25 mirror: true")
    feed = make_feed(text)
    first, second = next(feed), next(feed)
    wanted = (images - np.array([7, -2])[:, None, None]) / 4
    turned = [not np.array_equal(image, as_it_was) for image, as_it_was in zip(first["x"], wanted)]
    for image, whole, is_turned in zip(first["x"], wanted, turned):
        np.testing.assert_array_equal(image, whole[..., ::-1] if is_turned else whole)
    assert 5 <= sum(turned) <= 35 and not np.array_equal(first["x"], second["x"])
    np.testing.assert_array_equal(first["y"], np.arange(40))
    again = make_feed(text)
    again.seek(1)
    np.testing.assert_array_equal(next(again)["x"], second["x"])


@pytest.mark.parametrize(("param", "said"), [
    ("mirror: true", r"changes images, which have 4 axes; `x` has shape \(3, 2, 4\)"),
    ("mean_value: 1", "changes images, which have 4 axes"),
])
def test_changes_of_what_are_no_images_are_refused(make_feed: Callable, write: Callable, param: str, said: str):
    write(a=xy(0, 4))
    with pytest.raises(SpecError, match=said):
        make_feed(TEXT.replace("batch_size: 3", f"batch_size: 3 {param}"))


def test_one_file_uses_no_workers(make_feed: Callable, write: Callable):
    write(a=xy(0, 3))
    feed, before = make_feed(TEXT), set(multiprocessing.active_children())
    feed.use_workers(1)
    assert labels(feed, 1) == [0, 1, 2] and not set(multiprocessing.active_children()) - before


def test_a_batch_larger_than_all_files_starts_over(make_feed: Callable, write: Callable):
    write(a=xy(0, 2), b=xy(2, 1))
    assert labels(make_feed(TEXT.replace("batch_size: 3", "batch_size: 8")), 1) == [0, 1, 2, 0, 1, 2, 0, 1]


@pytest.mark.parametrize("kind", ["f2", "f8", ">f4", "i1", "u2", "i8"])
def test_numbers_become_float32(make_feed: Callable, write: Callable, kind: str):
    write(a={"x": np.array([[1, 2], [3, 100]], kind), "y": np.arange(2)})
    batch = next(make_feed(TEXT.replace("batch_size: 3", "batch_size: 2")))
    assert batch["x"].tolist() == [[1, 2], [3, 100]]


def test_shuffling_is_a_permutation_an_epoch(make_feed: Callable, write: Callable):
    write(a=xy(0, 9), b=xy(9, 6))
    feed = make_feed(TEXT.replace("batch_size: 3", "batch_size: 5 shuffle: true"))
    epochs = [labels(feed, 3) for _ in range(4)]
    assert all(sorted(epoch) == list(range(15)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 4
    feed.configure(1)
    feed.seek(0)
    other = labels(feed, 3)
    assert other != epochs[0]
    feed.configure(0)
    feed.seek(3)
    assert labels(feed, 3) == epochs[1]


def test_other_data_sets_are_ignored(make_feed: Callable, write: Callable):
    write(a={**xy(0, 3), "names": np.array([b"p", b"q"])})
    assert labels(make_feed(TEXT), 1) == [0, 1, 2]


@pytest.mark.parametrize(
    "second, said",
    [
        ({"x": np.zeros((2, 2, 4))}, r"b.h5: has no data set `y`.*it has x"),
        ({"x": np.zeros((2, 2, 4)), "Y": np.zeros(2)}, r"b.h5: has no data set `y`; did you mean `Y`\?"),
        ({"x": np.zeros((2, 2, 4)), "y": np.zeros(3)}, r"b.h5: .*same number of items.*`x` has 2, `y` has 3"),
        ({"x": np.zeros((0, 2, 4)), "y": np.zeros(0)}, r"b.h5: .*at least 1"),
        ({"x": np.zeros((2, 4, 2)), "y": np.zeros(2)}, r"b.h5: its items are of shape .*\(4, 2\).*a.h5 of .*\(2, 4\)"),
        ({"x": np.zeros((2, 2, 4)), "y": np.array([b"p", b"q"])}, r"b.h5: data set `y` is of type \|S1"),
        ({"x": 5.0, "y": np.zeros(2)}, r"b.h5: data set `x` is of type float64 and shape \(\)"),
    ],
)
def test_files_that_do_not_fit_are_refused(make_feed: Callable, write: Callable, second: dict, said: str):
    write(a=xy(0, 3), b=second)
    with pytest.raises(FileError, match=said):
        make_feed(TEXT)


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: b"noise", lambda data: data[: len(data) // 2]])
def test_damaged_files_are_refused(make_feed: Callable, write: Callable, tmp_path: Path, damage: Callable):
    write(a=xy(0, 3))
    file = tmp_path / "a.h5"
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(FileError, match="a.h5: cannot be read as HDF5"):
        make_feed(TEXT)


def test_a_file_whose_root_is_no_group_is_refused(make_feed: Callable, write: Callable, tmp_path: Path):
    write(a=xy(0, 3))
    with h5py.File(tmp_path / "a.h5", "r") as file:
        header = h5py.h5o.get_info(file["/"].id).addr
    data = bytearray((tmp_path / "a.h5").read_bytes())
    assert data[header] == 1 and data[header + 16] == 0x11  # an object header of version 1, with a table of names
    data[header + 16] = 0
    (tmp_path / "a.h5").write_bytes(data)
    with pytest.raises(FileError, match="a.h5: cannot be read as HDF5: .*unable to determine object type"):
        make_feed(TEXT)


def test_data_set_names_that_are_not_utf8_are_ignored(make_feed: Callable, write: Callable, tmp_path: Path):
    write(a={"y": np.zeros(2), "z": np.zeros(2)})
    with h5py.File(tmp_path / "a.h5", "a") as file:
        file[b"\xff"] = np.zeros(2)
    with pytest.raises(FileError, match="a.h5: has no data set `x`; it has y, z$"):
        make_feed(TEXT)


def test_a_file_beyond_memory_is_refused(make_feed: Callable, write: Callable, tmp_path: Path):
    write(a=xy(0, 3))
    with h5py.File(tmp_path / "a.h5", "w") as file:
        for name, shape in (("x", (1 << 50, 2, 4)), ("y", (1 << 50,))):
            file.create_dataset(name, shape, "f4", chunks=(9, *shape[1:]))
    with pytest.raises(FileError, match="a.h5: does not fit into memory"):
        next(make_feed(TEXT))


def test_bad_lists_are_refused(make_feed: Callable, write: Callable, tmp_path: Path):
    write(a=xy(0, 3))
    listing = tmp_path / "lists" / "list.txt"
    for content, said in (
        (b"\n \n", "lists no files"),
        (b"\x00\x01", "cannot read its source, a list of files: .*list.txt: is no text"),
        (b"z.h5", "reads `z.h5`"),
        (b"z" * 300, "reads `zzz"),  # longer than a file's name can be
    ):
        listing.write_bytes(content)
        with pytest.raises(SpecError, match=said):
            make_feed(TEXT)


def test_transform_param_is_refused(make_feed: Callable, write: Callable):
    write(a=xy(0, 3))
    with pytest.raises(SpecError, match="does not transform data"):
        make_feed(TEXT + " transform_param { scale: 2 }")


def test_files_beside_the_list_take_precedence(make_feed: Callable, write: Callable, tmp_path: Path):
    write(a=xy(0, 3))
    with h5py.File(tmp_path / "lists" / "a.h5", "w") as file:
        file["x"], file["y"] = np.zeros((3, 1)), np.array([7, 8, 9])
    assert labels(make_feed(TEXT), 1) == [7, 8, 9]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_list_from_windows_is_read(make_feed: Callable, write: Callable, tmp_path: Path, encoding: str):
    """With a byte order mark, CRLF and backslashes: the first file is not lost."""
    write(a=xy(0, 2), b=xy(2, 1))
    (tmp_path / "lists" / "sub").mkdir()
    (tmp_path / "b.h5").rename(tmp_path / "lists" / "sub" / "b.h5")
    (tmp_path / "lists" / "list.txt").write_bytes("..\\a.h5\r\n\r\nsub\\b.h5\r\n".encode(encoding))
    assert labels(make_feed(TEXT), 2) == [0, 1, 2, 0, 1, 2]


def test_an_hdf5_file_may_replace_the_list(make_feed: Callable, write: Callable):
    write(a=xy(0, 4))
    feed = make_feed(TEXT.replace("lists/list.txt", "a.h5"))
    assert labels(feed, 2) == [0, 1, 2, 3, 0, 1]
