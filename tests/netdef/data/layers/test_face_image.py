"""FaceImage: crops about a centre."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netdef.data.feeding.feed import Feed
from netdef.data.images.resize import resize
from netdef.data.layers.face_image import relit
from netdef.errors import FileError, SpecError

IMAGE = (np.arange(16)[:, None] * 12 + np.arange(20)).astype(np.uint8)  # 16 rows of 20
EVEN = "crop_height: 6 crop_width: 8"


@pytest.fixture(autouse=True)
def faces(tmp_path: Path) -> None:
    """A face amidst an image, and one at its left and lower border."""
    Image.fromarray(IMAGE).save(tmp_path / "i.png")
    (tmp_path / "list.txt").write_text("i.png 9 7 10 8 5\ni.png 2 14 17 14 -1\n")


def text(transform: str = EVEN, param: str = "batch_size: 2") -> str:
    return (f"type: 'FaceImage' top: 'data' top: 'label' transform_param {{ {transform} }} "
            f"face_image_param {{ source: 'list.txt' {param} }}")


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_crops_about_centres(make_feed: Callable[..., Feed], phase: str):
    """Beyond the image are the columns 2, 1 and the rows 14, 13... of the window, from 11 on."""
    feed = make_feed(text(EVEN + " mean_value: 3 scale: 2"), phase)
    assert feed.shapes == {"data": (2, 1, 6, 8), "label": (2,)}
    batch = next(feed)
    np.testing.assert_array_equal(batch["data"][0, 0], (IMAGE[4:10, 5:13].astype(np.float32) - 3) * 2)
    beyond = IMAGE[np.ix_([11, 12, 13, 14, 15, 14], [2, 1, 0, 1, 2, 3, 4, 5])]
    np.testing.assert_array_equal(batch["data"][1, 0], (beyond.astype(np.float32) - 3) * 2)
    assert batch["label"].tolist() == [5, -1]


def test_an_odd_crop_is_stretched(make_feed: Callable[..., Feed]):
    """Of 7 x 9 come 6 x 8 pixels; without a crop the image is as it is."""
    batch = next(make_feed(text("crop_height: 7 crop_width: 9"), "TEST"))
    np.testing.assert_array_equal(batch["data"][0], resize(IMAGE[None, 4:10, 5:13], 7, 9))
    batch = next(make_feed(text(""), "TRAIN"))
    np.testing.assert_array_equal(batch["data"][1, 0], IMAGE)


def test_mirrored_faces_have_their_own_centre(make_feed: Callable[..., Feed]):
    """In TEST all, in TRAIN half."""
    mirrored, plain = IMAGE[5:11, 6:14][:, ::-1], IMAGE[4:10, 5:13]
    feed = make_feed(text(EVEN + " mirror: true", "batch_size: 1"), "TEST")
    np.testing.assert_array_equal(next(feed)["data"][0, 0], mirrored)
    feed = make_feed(text(EVEN + " mirror: true", "batch_size: 1"), "TRAIN")
    turned = 0
    for _ in range(40):
        face = next(feed)["data"][0, 0].numpy()
        turned += np.array_equal(face, mirrored)
        assert np.array_equal(face, mirrored) or np.array_equal(face, plain)
        next(feed)
    assert 8 < turned < 32


def test_centres_and_sides_change_in_training_alone(make_feed: Callable[..., Feed]):
    """By up to 1 and 2: corners of crops tell where these are; a resumed run draws the same."""
    transform = EVEN + " rand_shift: 1"
    feed = make_feed(text(transform, "batch_size: 1"), "TRAIN")
    crops = []
    for _ in range(60):
        crops.append(next(feed)["data"][0, 0].numpy())
        next(feed)
    windows = {(row, column): IMAGE[row : row + 6, column : column + 8] for row in (3, 4, 5) for column in (4, 5, 6)}
    found = {place for crop in crops for place, window in windows.items() if np.array_equal(crop, window)}
    assert found == set(windows) and all(any(np.array_equal(crop, w) for w in windows.values()) for crop in crops)
    again = make_feed(text(transform, "batch_size: 1"), "TRAIN")
    again.seek(20)
    np.testing.assert_array_equal(next(again)["data"][0, 0], crops[10])
    feed = make_feed(text(EVEN + " rand_s_height: 2 rand_s_width: 2", "batch_size: 1"), "TRAIN")
    wanted = [resize(IMAGE[None, 7 - h : 7 + h, 9 - w : 9 + w], 6, 8)[0] for h in (2, 3, 4) for w in (3, 4, 5)]
    for _ in range(20):
        crop = next(feed)["data"][0, 0].numpy()
        assert any(np.array_equal(crop, window) for window in wanted)
        next(feed)
    np.testing.assert_array_equal(next(make_feed(text(transform), "TEST"))["data"][0, 0], windows[4, 5])


def test_light_and_noise(make_feed: Callable[..., Feed]):
    """100 x 0.75 + 10 is 85; 73.75 and the noise are cut to whole numbers."""
    noise = np.array([-3, 0, 2])
    assert relit(np.full(3, 100, np.uint8), 0.75, 10, noise).tolist() == [70, 73, 75]
    assert relit(np.array([0, 255, 4], np.uint8), 1.5, -20, noise).tolist() == [0, 255, 0]
    feed, plain = make_feed(text(EVEN + " rand_noise: 3"), "TRAIN"), IMAGE[4:10, 5:13]
    faces = [next(feed)["data"][0, 0].numpy() for _ in range(40)]
    assert 8 < sum(np.array_equal(face, plain) for face in faces) < 32
    assert len({face.tobytes() for face in faces}) > 8
    assert all(0 <= face.min() and face.max() <= 255 and (face == np.trunc(face)).all() for face in faces)


@pytest.mark.parametrize(("transform", "param", "message"), [
    ("crop_height: 17 crop_width: 8", "", "smaller than the crop"),
    (EVEN, "triplet_ver: true", "`triplet_ver`"),
    (EVEN + " rand_s_height: 6", "", "sides of its crop"),
    (EVEN + " mean_value: 1 mean_value: 2", "", "mean_value"),
])
def test_refused(make_feed: Callable[..., Feed], transform: str, param: str, message: str):
    with pytest.raises(SpecError, match=message):
        make_feed(text(transform, param))


@pytest.mark.parametrize(("line", "message"), [
    ("i.png 1 2 3 4", "has 5 words"), ("i.png 1 2 3 4 x", "five whole numbers"), ("i.png 90 7 1 1 1", "no pixels")])
def test_bad_lines(make_feed: Callable[..., Feed], tmp_path: Path, line: str, message: str):
    (tmp_path / "list.txt").write_text(f"{line}\n")
    with pytest.raises((FileError, SpecError), match=message):
        make_feed(text(EVEN, "batch_size: 1"))
