"""VideoDataSeg: volumes with labels, as folders of slices."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netdef.data.feeding.feed import Feed
from netdef.errors import FileError, SpecError

SIZES = {"a": (9, 4, 5), "b": (6, 4, 5)}  # folder: slices, rows, columns


def volume(name: str) -> np.ndarray:
    """Voxels counted from 0 or, in b, from 1000; the classes are their last digits."""
    return np.arange(np.prod(SIZES[name])).reshape(SIZES[name]) + (1000 if name == "b" else 0)


@pytest.fixture(autouse=True)
def volumes(tmp_path: Path) -> None:
    """Slices from 1 on: those of a are of 8 bits, those of b of 16."""
    for name in SIZES:
        for folder in (name, f"{name}_seg"):
            (tmp_path / "v" / folder).mkdir(parents=True)
        for number, image in enumerate(volume(name), 1):
            Image.fromarray(image.astype(np.uint16 if name == "b" else np.uint8)).save(tmp_path / f"v/{name}/img_{number}.png")
            Image.fromarray((image % 10).astype(np.uint8)).save(tmp_path / f"v/{name}_seg/label_{number}.png")
    (tmp_path / "list.txt").write_text("a 2 a_seg\nb 4 b_seg\n")


def text(param: str = "new_length: 3", transform: str = "") -> str:
    return (f"type: 'VideoDataSeg' top: 'data' top: 'label' transform_param {{ {transform} }} "
            f"video_data_param {{ source: 'list.txt' root_folder: 'v/' {param} }}")


def test_a_volume_begins_at_its_slice(make_feed: Callable[..., Feed]):
    feed = make_feed(text("new_length: 3 batch_size: 2", "mean_value: 3 scale: 2"))
    assert feed.shapes == {"data": (2, 1, 3, 4, 5), "label": (2, 1, 3, 4, 5)}
    batch = next(feed)
    wanted = np.stack([volume("a")[1:4], volume("b")[3:6]])[:, None]
    np.testing.assert_array_equal(batch["data"], (wanted - 3) * 2)
    np.testing.assert_array_equal(batch["label"], wanted % 10)


def test_crops_and_mirrors_are_those_of_the_labels(make_feed: Callable[..., Feed]):
    feed, seen = make_feed(text(transform="crop_size: 2 mirror: true")), set()
    for _ in range(40):
        batch = next(feed)
        assert batch["data"].shape == (1, 1, 3, 2, 2)
        np.testing.assert_array_equal(batch["data"] % 10, batch["label"])
        seen.add(tuple(batch["data"].flatten().tolist()))
    assert len(seen) > 16


def test_labels_are_resized_to_classes_that_are_there(make_feed: Callable[..., Feed]):
    """Half the rows: the mean of two, and the class of the first."""
    batch = next(make_feed(text("new_length: 2 new_height: 2 new_width: 5")))
    wanted = volume("a")[1:3].reshape(2, 2, 2, 5)
    np.testing.assert_array_equal(batch["data"][0, 0], np.floor(wanted.mean(2) + 0.5))
    np.testing.assert_array_equal(batch["label"][0, 0], wanted[:, :, 0] % 10)


def test_a_resumed_feed_goes_on_where_it_stopped(make_feed: Callable[..., Feed]):
    shuffled = text("new_length: 2 shuffle: true rand_skip: 5", "crop_size: 3 mirror: true")
    feed, other = make_feed(shuffled), make_feed(shuffled)
    for one in (feed, other):
        one.configure(7)
    batches = [next(feed) for _ in range(6)]
    other.seek(4)
    for batch in batches[4:]:
        again = next(other)
        assert all((batch[top] == again[top]).all() for top in ("data", "label"))


@pytest.mark.parametrize(("lines", "complaint"), [
    ("a 8 a_seg\n", r"img_10\.png"),
    ("a two a_seg\n", "`two` between `a` and `a_seg` is no number of a slice"),
    ("a 2\n", "has 2 words; it wants 3"),
])
def test_a_wrong_list_is_an_error(tmp_path: Path, make_feed: Callable[..., Feed], lines: str, complaint: str):
    (tmp_path / "list.txt").write_text(lines)
    with pytest.raises(FileError, match=complaint):
        make_feed(text())


def test_slices_of_other_sizes_are_refused(tmp_path: Path, make_feed: Callable[..., Feed]):
    Image.fromarray(np.zeros((3, 7), np.uint8)).save(tmp_path / "v/a/img_3.png")
    with pytest.raises(SpecError, match=r"of several sizes: `a/img_2.png` is of \(4, 5\), `a/img_3.png` of \(3, 7\)"):
        make_feed(text())
