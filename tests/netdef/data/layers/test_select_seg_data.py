"""SelectSegBinary and SelectSrcTgkSegBinary: windows with labels of some classes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netdef.data.feeding.feed import Feed
from netdef.errors import FileError, SpecError

LABELS = np.array([[0, 1, 2, 3, 4], [5, 6, 255, 3, 2], [1, 1, 3, 3, 0]], np.uint8)
IMAGE = np.arange(15, dtype=np.uint8).reshape(3, 5) * 10


@pytest.fixture(autouse=True)
def images(tmp_path: Path) -> None:
    """Lines of a window within the image, of one beyond it above and to the right, and of a whole image."""
    Image.fromarray(np.stack([IMAGE] * 3, 2)).save(tmp_path / "i.png")
    Image.fromarray(LABELS).save(tmp_path / "l.png")
    (tmp_path / "list.txt").write_text("i.png l.png 1 0 3 1 7 8 0\ni.png l.png 3 -1 6 1 1 0 1\n")
    (tmp_path / "target.txt").write_text("i.png l.png 0 0 4 2 1 1 1\ni.png l.png 0 0 4 2 0 1 0 1\n")


def text(kind: str = "", more: str = "", param: str = "", transform: str = "") -> str:
    return (f"type: 'Select{kind}SegBinary' top: 'data' top: 'label' top: 'classes' transform_param {{ {transform} }} "
            f"image_data_param {{ source: 'list.txt' label_type: PIXEL {param} }} window_cls_data_param {{ label_dim: 3 }} "
            f"{more}")


def test_labels_become_the_numbers_of_their_classes(make_feed: Callable[..., Feed]):
    """Classes 1, 2, 3 are 7, 8, 0, others 0; 255 stays."""
    feed = make_feed(text(transform="mean_value: 10 scale: 2"))
    assert feed.shapes == {"data": (1, 3, 2, 3), "label": (1, 1, 2, 3), "classes": (1, 3, 1, 1)}
    batch = next(feed)
    np.testing.assert_array_equal(batch["data"][0, 1], (IMAGE[:2, 1:4].astype(np.float32) - 10) * 2)
    assert batch["label"][0, 0].tolist() == [[7, 8, 0], [0, 255, 0]]
    assert batch["classes"].flatten().tolist() == [7, 8, 0]


def test_classes_may_begin_later_and_windows_end_beyond_the_image(make_feed: Callable[..., Feed]):
    """Classes 3, 4, 5 are 1, 0, 1."""
    feed = make_feed(text(more="select_seg_binary_param { cls_label_base: 2 }"))
    next(feed)
    batch = next(feed)
    assert batch["data"][0, 0].tolist() == [[0, 0, 0, 0], [30, 40, 0, 0], [80, 90, 0, 0]]
    assert batch["label"][0, 0].tolist() == [[255] * 4, [1, 0, 255, 255], [1, 0, 255, 255]]


def test_windows_are_resized_and_cropped(make_feed: Callable[..., Feed]):
    feed = make_feed(text(param="batch_size: 2 new_height: 4 new_width: 6", transform="crop_size: 4"), "TEST")
    batch = next(feed)
    assert batch["data"].shape == (2, 3, 4, 4)
    assert batch["label"][0, 0].tolist() == [[7, 8, 8, 0]] * 2 + [[0, 255, 255, 0]] * 2  # columns 1 to 4 of 0, 0, 1, 1, 2, 2


def test_lists_take_turns_and_labels_of_the_other_one_are_ignored(make_feed: Callable[..., Feed]):
    feed = make_feed(text("SrcTgk", param="target: 'target.txt' shuffle: false"))
    numbers = []
    for _ in range(6):
        batch = next(feed)
        numbers.append(batch["classes"].flatten().tolist())
        if numbers[-1] == [1, 1, 1]:
            assert (batch["label"] == 255).all()
        if numbers[-1] == [0, 1, 0]:  # a 1 ends its line
            assert batch["label"][0, 0, 0].tolist() == [0, 0, 1, 0, 0]
    assert numbers == [[1, 1, 1], [7, 8, 0], [0, 1, 0], [1, 0, 1], [1, 1, 1], [7, 8, 0]]


def test_a_resumed_feed_goes_on_where_it_stopped(make_feed: Callable[..., Feed]):
    shuffled = text("SrcTgk", param="target: 'target.txt' shuffle: true rand_skip: 3", transform="crop_size: 2 mirror: true")
    feed, other = make_feed(shuffled), make_feed(shuffled)
    for one in (feed, other):
        one.configure(7)
    batches = [next(feed) for _ in range(9)]
    other.seek(6)
    for batch in batches[6:]:
        again = next(other)
        assert all((batch[top] == again[top]).all() for top in batch)


@pytest.mark.parametrize(("line", "complaint"), [
    ("i.png l.png 1 0 3 1 7 8\n", "no line of 2 paths, four sides of a window and 3 whole numbers"),
    ("i.png l.png 1 0 3 x 7 8 0\n", "no line of 2 paths"), ("\n", "lists no images")])
def test_a_wrong_list_is_an_error(tmp_path: Path, make_feed: Callable[..., Feed], line: str, complaint: str):
    (tmp_path / "list.txt").write_text(line)
    with pytest.raises(FileError, match=complaint):
        make_feed(text())


def test_an_empty_window_is_refused(tmp_path: Path, make_feed: Callable[..., Feed]):
    (tmp_path / "list.txt").write_text("i.png l.png 3 0 2 1 7 8 0\n")
    with pytest.raises(SpecError, match="an empty window, 3 0 2 1"):
        make_feed(text())


@pytest.mark.parametrize(("param", "transform", "complaint"), [
    ("ignore_label: 256", "", "ignore_label"), ("", "scale_factors: 0.5", "scale_factors")])
def test_what_makes_no_sense_is_refused(make_feed: Callable[..., Feed], param: str, transform: str, complaint: str):
    with pytest.raises(SpecError, match=complaint):
        make_feed(text(param=param, transform=transform))
