"""VideoData of C3D: clips of videos."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netdef.errors import FileError, SpecError
from netdef.schema.messages import BlobProto

FRAMES = {"a": 9, "b": 6}  # folder: number of frames


@pytest.fixture(autouse=True)
def videos(tmp_path: Path) -> None:
    """Frames of 2 x 3 of one grey: frame i of video v is all 50 v + 5 i. ``list.txt`` begins clips, ``counts.txt`` counts."""
    for index, (name, count) in enumerate(FRAMES.items()):
        (tmp_path / "frm" / name).mkdir(parents=True)
        for frame in range(1, count + 1):
            grey = np.full((2, 3, 3), 50 * index + 5 * frame, np.uint8)
            Image.fromarray(grey).save(tmp_path / "frm" / name / f"{frame:06}.jpg", quality=100)
    (tmp_path / "list.txt").write_text("a 2 7\nb 1 8\n")
    (tmp_path / "counts.txt").write_text("a 9 7\nb 6 8\n")


def text(param: str = "", more: str = "", source: str = "list.txt") -> str:
    return (f"type: 'VideoData' top: 'data' top: 'label' video_data_param {{ source: '{source}' root_folder: 'frm/' "
            f"use_image: true {param} }} {more}")


def greys(batch: dict, index: int) -> list[float]:
    """The grey of each frame of a clip, the same in all colours and places."""
    clip = batch["data"][index].numpy()
    np.testing.assert_allclose(clip, np.broadcast_to(clip[:1, :, :1, :1], clip.shape), atol=1)
    return clip[0, :, 0, 0].tolist()


def test_a_clip_begins_at_its_frame_and_takes_every_second(make_feed: Callable):
    batch = next(make_feed(text("batch_size: 2 new_length: 3 sampling_rate: 2"), "TEST"))
    assert batch["data"].shape == (2, 3, 3, 2, 3) and batch["label"].tolist() == [7, 8]
    assert greys(batch, 0) == pytest.approx([10, 20, 30], abs=1)
    assert greys(batch, 1) == pytest.approx([55, 65, 75], abs=1)


def test_colours_have_their_means_in_every_frame(make_feed: Callable):
    batch = next(make_feed(text("new_length: 2 new_height: 6 new_width: 7",
                                "transform_param { crop_size: 4 mean_value: [1, 2, 3] }"), "TEST"))
    assert batch["data"].shape == (1, 3, 2, 4, 4)
    assert batch["data"][0, :, :, 0, 0].numpy() == pytest.approx(np.array([[9, 14], [8, 13], [7, 12]]), abs=1)


def volume(of_1_0: bool) -> bytes:
    """The mean of clips of 2 frames of 2 x 3: 100 of a colour, 10 of a frame and 1 of a column."""
    mean = np.add.outer(np.add.outer([0.0, 100, 200], [0, 10]), np.broadcast_to(np.arange(3.0), (2, 3)))
    if not of_1_0:
        return BlobProto(shape={"dim": (1, *mean.shape)}, data=mean.ravel()).SerializeToString()
    # num: 1 channels: 3 length: 2 height: 2 width: 3, and the values as field 6.
    return b"\x08\x01\x10\x03\x18\x02\x20\x02\x28\x03" + BlobProto(diff=mean.ravel()).SerializeToString()


@pytest.mark.parametrize("of_1_0", [False, True])
def test_a_mean_of_clips(make_feed: Callable, tmp_path: Path, of_1_0: bool):
    (tmp_path / "mean").write_bytes(volume(of_1_0))
    batch = next(make_feed(text("new_length: 2", "transform_param { mean_file: 'mean' }"), "TEST"))
    clip = batch["data"][0].numpy()
    assert clip[1, 1, 0] == pytest.approx(15 - 110 - np.arange(3), abs=1)
    assert clip[2, 0, 1] == pytest.approx(10 - 200 - np.arange(3), abs=1)
    (tmp_path / "mean").write_bytes(volume(of_1_0)[:-4])
    with pytest.raises(SpecError, match="cannot read its mean_file"):
        make_feed(text("new_length: 2", "transform_param { mean_file: 'mean' }"), "TEST")


def test_clips_begin_anywhere_in_training_and_at_the_first_frame_in_test(make_feed: Callable):
    jitter = text("new_length: 3 sampling_rate: 2 use_temporal_jitter: true", source="counts.txt")
    feed = make_feed(jitter)
    feed.configure(5)
    firsts = [round(greys(next(feed), 0)[0]) for _ in range(60)]
    assert {round(grey / 5) for grey in firsts[::2]} == {1, 2, 3, 4}  # of 9 frames, 6 are a clip's
    assert {round((grey - 50) / 5) for grey in firsts[1::2]} == {1}
    assert greys(next(make_feed(jitter, "TEST")), 0) == pytest.approx([5, 15, 25], abs=1)


def test_the_rate_is_drawn(make_feed: Callable):
    feed = make_feed(text("new_length: 2 max_sampling_rate: 3 use_sampling_rate_jitter: true"))
    feed.configure(5)
    steps = {round((second - first) / 5) for first, second in (greys(next(feed), 0) for _ in range(40))}
    assert steps == {1, 2, 3}


def test_a_video_with_too_few_frames_is_an_error(make_feed: Callable):
    feed = make_feed(text("batch_size: 2 new_length: 7 use_temporal_jitter: true", source="counts.txt"))
    with pytest.raises(FileError, match="video `b` has 6 frames; a clip of 7, each 1 after the last, wants 7"):
        next(feed)


@pytest.mark.parametrize("old, new, complaint", [
    ("use_image: true", "sampling_rate: 1", "without `use_image: true`; write the frames to image files"),
    ("use_image: true", "use_image: true sampling_rate: 0", "sampling_rate"),
])
def test_what_is_not_there_is_refused(make_feed: Callable, old: str, new: str, complaint: str):
    with pytest.raises(SpecError, match=complaint):
        make_feed(text("new_length: 1").replace(old, new))
