"""ImageData: lists of image files."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import netdef
from netdef.errors import FileError, SpecError


@pytest.fixture
def images(tmp_path: Path) -> list[np.ndarray]:
    """Seven images of 5 x 6 in ``img``, and ``list.txt`` with labels 0, 10, ..., 60."""
    (tmp_path / "img").mkdir()
    made = list(np.random.default_rng(2).integers(0, 256, (7, 5, 6, 3), dtype=np.uint8))
    for index, image in enumerate(made):
        Image.fromarray(image).save(tmp_path / "img" / f"a {index}.png")
    (tmp_path / "list.txt").write_text("".join(f"img/a {i}.png {10 * i}\n" for i in range(7)))
    return [image.transpose(2, 0, 1)[::-1] for image in made]


def text(param: str = "", more: str = "", tops: str = "top: 'data' top: 'label'") -> str:
    return f"type: 'ImageData' {tops} {more} image_data_param {{ source: 'list.txt' {param} }}"


def labels(feed, count: int) -> list[int]:
    return [int(label) // 10 for _ in range(count) for label in next(feed)["label"]]


def test_starts_again_after_the_last_image(images: list, make_feed: Callable):
    feed = make_feed(text("batch_size: 4"))
    assert feed.shapes == {"data": (4, 3, 5, 6), "label": (4,)}
    batches = [next(feed) for _ in range(2)]
    seen = np.concatenate([batch["data"].numpy() for batch in batches])
    np.testing.assert_array_equal(seen, [*images, images[0]])
    assert batches[1]["label"].tolist() == [40, 50, 60, 0]


def test_each_epoch_is_shuffled_differently_and_resumable(images: list, make_feed: Callable):
    def make(seed: int):
        feed = make_feed(
            text("batch_size: 3 shuffle: true rand_skip: 5", "transform_param { crop_size: 4 mirror: true }")
        )
        feed.configure(seed)
        return feed

    feed, other = make(1), make(2)
    batches = [next(feed) for _ in range(14)]
    drawn = [int(label) // 10 for batch in batches for label in batch["label"]]
    orders = {
        tuple(drawn[start : start + 7])
        for offset in range(7)
        for start in range(offset, 36, 7)
        if sorted(drawn[start : start + 7]) == list(range(7))
    }
    assert len(orders) > 3
    assert drawn != labels(other, 14)
    again = pickle.loads(pickle.dumps(make(1)))
    for position in (9, 2, 13):
        again.seek(position)
        batch = next(again)
        for top in ("data", "label"):
            np.testing.assert_array_equal(batch[top], batches[position][top])
    again.close()


def test_ranks_share_the_sequence(images: list, make_feed: Callable):
    whole, parts = make_feed(text("batch_size: 2 shuffle: true")), []
    for rank in range(3):
        parts.append(make_feed(text("batch_size: 2 shuffle: true")))
        parts[rank].configure(0, rank, 3)
    dealt = [label for _ in range(4) for part in parts for label in labels(part, 1)]
    assert dealt == labels(whole, 12)


def test_rand_skip_stays_below_its_number(images: list, make_feed: Callable):
    feed = make_feed(text("batch_size: 1 rand_skip: 3"))
    firsts = set()
    for seed in range(30):
        feed.configure(seed)
        feed.seek(0)
        firsts.add(labels(feed, 1)[0])
    assert firsts == {0, 1, 2}


def test_images_are_made_grey_and_resized_without_labels(images: list, make_feed: Callable):
    feed = make_feed(text("is_color: false new_height: 8 new_width: 9", tops="top: 'data'"))
    assert feed.shapes == {"data": (1, 1, 8, 9)} and list(next(feed)) == ["data"]


@pytest.mark.parametrize("field", ["label_num", "num_of_labels", "num_labels", "multilabel_num", "label_dim", "label_size"])
def test_lines_of_several_labels(images: list, make_feed: Callable, tmp_path: Path, field: str):
    (tmp_path / "list.txt").write_text("img/a 3.png 7 -1.5 0\nimg/a 3.png 1 2e1 3\n")
    feed = make_feed(text(f"batch_size: 3 {field}: 3"))
    assert feed.shapes["label"] == (3, 3, 1, 1)
    batch = next(feed)
    assert batch["label"].flatten(1).tolist() == [[7, -1.5, 0], [1, 20, 3], [7, -1.5, 0]]


@pytest.mark.parametrize("line", ["3.png 1 2", "3.png 1 x 2"])
def test_lines_with_too_few_labels(images: list, make_feed: Callable, tmp_path: Path, line: str):
    (tmp_path / "list.txt").write_text(line)
    with pytest.raises(FileError, match="list.txt:1: .* is no image's path with 3 numbers behind it"):
        make_feed(text("label_num: 3"))


def test_latitudes_and_longitudes(images: list, make_feed: Callable, tmp_path: Path):
    (tmp_path / "list.txt").write_text("img/a 3.png 90 -180\nimg/a 3.png 0 30.5\n")
    feed = make_feed(text("batch_size: 2 use_gps: true", tops="top: 'data' top: 'lat' top: 'lon'"))
    assert feed.shapes["lat"] == feed.shapes["lon"] == (2,)
    batch = next(feed)
    assert batch["lat"].tolist() == pytest.approx([math.pi / 2, 0])
    assert batch["lon"].tolist() == pytest.approx([-math.pi, 30.5 / 180 * math.pi])


def test_a_third_top_without_them_is_refused(images: list, make_feed: Callable):
    with pytest.raises(SpecError, match="takes 1 to 2 tops, the text gives 3"):
        make_feed(text(tops="top: 'data' top: 'a' top: 'b'"))


def test_groups_of_lines_stay_together(images: list, make_feed: Callable, tmp_path: Path):
    (tmp_path / "list.txt").write_text("".join(f"img/a 3.png {i}\n" for i in range(14)))
    with pytest.warns(UserWarning, match="shuffled in groups of 3 as the list has them"):
        feed = make_feed(text("batch_size: 6 shuffle: true pair_size: 3"))
    assert feed.epoch_size() == 12
    orders = []
    for _ in range(3):
        order = [int(n) for _ in range(2) for n in next(feed)["label"]]
        assert sorted(order) == list(range(12))  # the last two are no group
        assert all(order[i : i + 3] == list(range(order[i], order[i] + 3)) for i in range(0, 12, 3))
        orders.append(order)
    assert orders[0] != orders[1] or orders[1] != orders[2]
    plain = make_feed(text("batch_size: 14 pair_size: 3"))
    assert next(plain)["label"].tolist() == list(range(14))


@pytest.mark.parametrize("size", [0, 99])
def test_groups_larger_than_the_list_are_refused(images: list, make_feed: Callable, size: int):
    with pytest.raises(SpecError, match=f"has `pair_size` {size}; its list has"):
        make_feed(text(f"pair_size: {size}"))


def test_files_of_another_kind_are_refused(images: list, make_feed: Callable):
    with pytest.raises(SpecError, match="`raw_hdf5`"):
        make_feed(text("raw_hdf5: true"))


def test_images_are_resized_by_the_transformation(images: list, make_feed: Callable):
    feed = make_feed(text("batch_size: 1") + " transform_param { resize_param { height: 8 width: 9 } }")
    plain = make_feed(text("batch_size: 1 new_height: 8 new_width: 9"))
    assert torch.equal(next(feed)["data"], next(plain)["data"])


def test_root_folder_is_prepended(images: list, make_feed: Callable, tmp_path: Path):
    (tmp_path / "list.txt").write_text("3.png 7\n")
    assert next(make_feed(text("root_folder: 'img/a '")))["data"].shape == (1, 3, 5, 6)


def test_an_image_that_cannot_be_read_ends_the_run(images: list, make_feed: Callable, tmp_path: Path):
    feed = make_feed(text("batch_size: 2"))
    (tmp_path / "img" / "a 1.png").write_bytes(b"no image")
    with pytest.raises(FileError, match="a 1.png: holds an image that cannot be decoded"):
        next(feed)
    (tmp_path / "img" / "a 1.png").unlink()
    feed.forget()
    with pytest.raises(FileError, match="list.txt: lists `aaa.*, and there is no file"):
        feed.load(("a" * 300, 0))  # longer than a file's name can be
    with pytest.raises(FileError, match="list.txt: lists `img/a 1.png`, and there is no file"):
        next(feed)


def test_images_of_a_batch_have_one_size(images: list, make_feed: Callable, tmp_path: Path):
    Image.new("RGB", (7, 5)).save(tmp_path / "img" / "a 1.png")
    with pytest.raises(
        FileError, match=r"`img/a 1.png` is of shape \(3, 5, 7\), the first of its batch of \(3, 5, 6\); `new_height` and"
    ):
        next(make_feed(text("batch_size: 2")))
    feed = make_feed(text("batch_size: 1"))
    assert [next(feed)["data"].shape[2:] for _ in range(2)] == [(5, 6), (5, 7)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_list_from_windows_is_read(images: list, make_feed: Callable, tmp_path: Path, encoding: str):
    text_of_list = "img\\a 3.png\t30\r\n\r\nimg\\a 5.png 50\r\n"
    (tmp_path / "list.txt").write_bytes(text_of_list.encode(encoding))
    batch = next(make_feed(text("batch_size: 2")))
    assert batch["label"].tolist() == [30, 50]
    np.testing.assert_array_equal(batch["data"], [images[3], images[5]])


def test_a_root_folder_without_a_slash_has_a_hint(images: list, make_feed: Callable, tmp_path: Path):
    (tmp_path / "list.txt").write_text("a 3.png 1\n")
    make_feed(text('root_folder: "img/"'))
    with pytest.raises(FileError, match="lists `imga 3.png`, .*`root_folder` stands before each path as it is: end it with `/`"):
        make_feed(text('root_folder: "img"'))


def test_several_labels_a_line_are_refused(images: list, make_feed: Callable, tmp_path: Path):
    (tmp_path / "list.txt").write_text("img/a 3.png 1 0\n")
    with pytest.raises(FileError, match="lists `img/a 3.png 1`, and there is no file .*several labels need an HDF5Data layer"):
        make_feed(text())


@pytest.mark.parametrize(
    "name, said",
    [("img", "Is a directory"), ("img/a 1.png", "a 1.png: is an image, and a list of files is wanted, one a line")])
def test_non_lists_are_refused(images: list, make_feed: Callable, name: str, said: str):
    with pytest.raises(FileError, match=said):
        make_feed(text().replace("list.txt", name))


@pytest.mark.parametrize(
    "param, said",
    [
        ("new_height: 4", "has `new_height` 4 and `new_width` 0; give both or neither"),
        ("new_height: 2000000000 new_width: 2000000000", "resizes to 2000000000 x 2000000000: more than 2147483647 values"),
        ("batch_size: 0", "batch_size"),
    ],
)
def test_invalid_settings_are_refused(images: list, make_feed: Callable, param: str, said: str):
    with pytest.raises(netdef.SpecError, match=said):
        make_feed(text(param))


@pytest.mark.parametrize(
    ("least", "shape"),
    [
        ((5, 6), (5, 6)),
        ((9, 8), (9, 11)),  # 4 rows and 2 columns are missing: 6 * 9 / 5 = 10.8
        ((6, 12), (10, 12)),
        ((7, 8), (7, 8)),  # 2 of both: the height, and 6 * 7 / 5 = 8.4
    ],
)
def test_small_images_are_enlarged(images: list, make_feed: Callable, least: tuple[int, int], shape: tuple[int, int]):
    feed = make_feed(text(f"batch_size: 1 min_height: {least[0]} min_width: {least[1]}"))
    assert feed.shapes["data"] == (1, 3, *shape)


@pytest.mark.parametrize(("side", "shape"), [(10, (10, 12)), (4, (4, 5)), (7, (7, 8))])  # 6 * 4 / 5 = 4.8, 6 * 7 / 5 = 8.4
def test_the_shorter_side_is_given(images: list, make_feed: Callable, side: int, shape: tuple[int, int]):
    for mode in ("", "bicubic: true"):
        feed = make_feed(text(f"batch_size: 1 new_dim: {side} {mode}"))
        assert feed.shapes["data"] == (1, 3, *shape)


@pytest.mark.parametrize(("side", "shape"), [(10, (10, 12)), (4, (4, 4)), (7, (7, 8))])
def test_short_side_rounds_the_longer_one_down(images: list, make_feed: Callable, side: int, shape: tuple[int, int]):
    assert make_feed(text(f"batch_size: 1 short_side: {side} new_height: 3 new_width: 3")).shapes["data"] == (1, 3, *shape)


def test_a_shorter_side_and_both_sides_are_refused(images: list, make_feed: Callable):
    with pytest.raises(SpecError, match="gives both `new_height` and `new_dim`"):
        make_feed(text("batch_size: 1 new_dim: 4 new_height: 4 new_width: 5"))


def test_min_height_needs_min_width(images: list, make_feed: Callable):
    with pytest.raises(SpecError, match="`min_height` 4 and `min_width` 0; give both or neither"):
        make_feed(text("batch_size: 1 min_height: 4"))
