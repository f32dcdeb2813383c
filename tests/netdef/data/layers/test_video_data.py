"""VideoData: frames of videos."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netdef.errors import FileError, SpecError

FRAMES = {"a": 9, "b": 4, "c": 7}  # folder: number of frames


@pytest.fixture(autouse=True)
def videos(tmp_path: Path) -> None:
    """Folders of frames of 2 x 3, and ``list.txt``: frame i of video v is all 10 v + i, its flows 100 more and 200 more."""
    lines = []
    for index, (name, count) in enumerate(FRAMES.items()):
        (tmp_path / name).mkdir()
        lines.append(f"{name} {count} {index + 5}\n")
        for frame in range(1, count + 1):
            value = 10 * index + frame
            for kind, extra in (("image", 0), ("flow_x", 100), ("flow_y", 200)):
                colours = np.full((2, 3, 3), value + extra, np.uint8) + np.array([2, 1, 0], np.uint8) * (extra == 0)
                Image.fromarray(colours).save(tmp_path / name / f"{kind}_{frame:04}.png")
    (tmp_path / "list.txt").write_text("".join(lines))


def text(param: str = "", more: str = "") -> str:
    flow = "" if "modality" in param else "modality: RGB"
    pattern = "" if "name_pattern" in param else "name_pattern: 'image_%04d.png'"
    return f"type: 'VideoData' top: 'data' top: 'label' video_data_param {{ source: 'list.txt' {flow} {pattern} {param} }} {more}"


def planes(batch: dict, index: int) -> list[float]:
    """The value of each channel of an item, which is the same everywhere in it."""
    item = batch["data"][index].numpy()
    assert (item == item[:, :1, :1]).all()
    return item[:, 0, 0].tolist()


def test_frames_come_from_the_middle_of_each_part_in_test(make_feed: Callable):
    """A part of 9 frames in two has 4: one of two frames begins at its second. One of 4 in two has 2, and begins at its first."""
    batch = next(make_feed(text("batch_size: 2 num_segments: 2 new_length: 2"), "TEST"))
    assert batch["data"].shape == (2, 12, 2, 3)
    assert planes(batch, 0) == [value + colour for value in (2, 3, 6, 7) for colour in range(3)]
    assert planes(batch, 1) == [10 + value + colour for value in (1, 2, 3, 4) for colour in range(3)]
    assert batch["label"].tolist() == [5, 6]


def test_a_part_that_is_too_short_gives_the_first_frames(make_feed: Callable):
    batch = next(make_feed(text("batch_size: 3 num_segments: 3 new_length: 2 grayscale: true"), "TEST"))
    grey = [value + 1 for value in (11, 12, 11, 12, 11, 12)]  # of B, G, R one apart, equal in the middle
    assert planes(batch, 1) == pytest.approx(grey, abs=1)
    assert len(set(planes(batch, 1))) == 2


def test_length_first_puts_frames_inside_colours(make_feed: Callable):
    batch = next(make_feed(text("num_segments: 2 new_length: 2 length_first: true"), "TEST"))
    assert planes(batch, 0) == [start + colour + i for start in (2, 6) for colour in range(3) for i in range(2)]


def test_flow_is_two_grey_images_a_frame(make_feed: Callable):
    batch = next(make_feed(text("new_length: 3 modality: FLOW name_pattern: 'flow_%c_%04d.png'"), "TEST"))
    assert planes(batch, 0) == [value + extra for value in (4, 5, 6) for extra in (100, 200)]


def test_training_draws_a_place_of_each_part_anew_and_resumes(make_feed: Callable):
    feed = make_feed(text("batch_size: 2 num_segments: 2"))
    feed.configure(3)
    batches = [next(feed) for _ in range(30)]
    firsts = [planes(batch, i)[::3] for batch, i in ((b, i) for b in batches for i in range(2))]
    of_a = [pair for n, pair in enumerate(firsts) if n % 3 == 0]
    assert {first for first, _ in of_a} == {1, 2, 3, 4}
    assert {second for _, second in of_a} == {5, 6, 7, 8}
    assert len({(first + 4 == second) for first, second in of_a}) == 2  # drawn apart
    feed.seek(17)
    np.testing.assert_array_equal(next(feed)["data"], batches[17]["data"])


def test_each_epoch_has_an_order_of_its_own_with_shuffle(make_feed: Callable):
    feed = make_feed(text("batch_size: 3 shuffle: true"))
    orders = [tuple(next(feed)["label"].tolist()) for _ in range(20)]
    assert all(sorted(order) == [5, 6, 7] for order in orders)
    assert len(set(orders)) > 2


def test_all_frames_are_transformed_alike(make_feed: Callable):
    feed = make_feed(text("new_height: 8 new_width: 9 new_length: 2",
                          "transform_param { crop_size: 5 multi_scale: true fix_crop: true mean_value: [1, 2, 3] }"))
    batch = next(feed)
    assert batch["data"].shape == (1, 6, 5, 5)
    first, second = np.split(batch["data"][0].numpy(), 2)
    np.testing.assert_array_equal(second, first + 1)
    assert len(set(planes(batch, 0))) == 2  # of B, G, R one apart the means take away what differs


def test_frames_of_different_sizes_are_an_error(make_feed: Callable, tmp_path: Path):
    Image.fromarray(np.zeros((4, 3, 3), np.uint8)).save(tmp_path / "b" / "image_0003.png")
    feed = make_feed(text("batch_size: 2 new_length: 2"), "TEST")
    with pytest.raises(FileError, match=r"video `b` has frames of several sizes: `image_0002.png` is of shape \(3, 2, 3\), "
                                        r"`image_0003.png` of \(3, 4, 3\)"):
        next(feed)


def test_a_missing_frame_is_an_error(make_feed: Callable, tmp_path: Path):
    (tmp_path / "b" / "image_0003.png").unlink()
    feed = make_feed(text("batch_size: 2"), "TEST")
    with pytest.raises(FileError, match="lists `b/image_0003.png`, and there is no file"):
        next(feed)


@pytest.mark.parametrize("param, complaint", [
    ("video_type: WEBCAM device_id: 0", "reads a video file or a camera, as in SSD's fork"),
    ("video_type: LOCAL_SOURCE", "reads a video file or a camera"),  # of KITTI_SSD
    ("new_length: 0", "new_length"),
    ("num_segments: 0", "num_segments"),
    ("name_pattern: 'image_%s_%d.png'", "`name_pattern` `image_%s_%d.png`; RGB wants a number such as %04d in it"),
    ("modality: FLOW name_pattern: 'flow_%04d.png'", "FLOW wants %c and a number such as %04d in it"),
])
def test_fields_that_make_no_sense_are_refused(make_feed: Callable, param: str, complaint: str):
    with pytest.raises(SpecError, match=complaint):
        make_feed(text(param))
