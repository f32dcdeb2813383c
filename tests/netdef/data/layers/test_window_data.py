"""WindowData: windows are cut out, padded, made square, mirrored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import netdef
from netdef.data.images.mean_file import write_mean
from netdef.data.images.resize import resize
from netdef.errors import FileError

LIST = """# 0
a.png
3
12 10
3
1 0.9 2 3 5 8
0 0.1 0 0 9 11
2 0.4 1 1 3 3
# 1
b.png 3 12 10 1
4 0.5 0 0 3 3
"""


@pytest.fixture
def images(tmp_path: Path) -> dict[str, np.ndarray]:
    """Two images of 12 x 10 and their list, which has two foreground windows and, from 0.4 down, one of background."""
    made = {}
    for name, image in zip("ab", np.random.default_rng(8).integers(0, 256, (2, 12, 10, 3), dtype=np.uint8)):
        Image.fromarray(image).save(tmp_path / f"{name}.png")
        made[name] = image.transpose(2, 0, 1)[::-1].astype(np.float32)
    (tmp_path / "windows.txt").write_text(LIST)
    return made


def text(transform: str = "crop_size: 4", param: str = "", batch: int = 1, fraction: float = 1) -> str:
    return f"""type: 'WindowData' top: 'data' top: 'label' transform_param {{ {transform} }} window_data_param {{
        source: 'windows.txt' batch_size: {batch} fg_fraction: {fraction} bg_threshold: 0.4 {param} }}"""


def cut(feed, name: str, label: int, flip: bool = False) -> np.ndarray:
    out = np.zeros(feed.shapes["data"][1:], np.float32)
    (window,) = [w for kind in feed.kinds for w in kind if (w.image, w.label) == (f"{name}.png", label)]
    feed.cut(out, feed.load(window.image), window, flip)
    return out


def test_a_window_of_the_crops_size_is_the_pixels(images: dict, make_feed: Callable):
    feed = make_feed(text())
    np.testing.assert_array_equal(cut(feed, "b", 4), images["b"][:, :4, :4])
    np.testing.assert_array_equal(cut(feed, "b", 4, flip=True), images["b"][:, :4, 3::-1])


def test_context_outside_the_image_is_zero(images: dict, make_feed: Callable):
    """Window 0..3 with a pad of 1 in a crop of 6 reaches from round(2 - 2 * 6 / 4) = -1 to round(2 + 3) = 5, seven
    pixels: 1 before the image, 6 in it, which become round(6 / 7) = 1 and round(6 * 6 / 7) = 5 of the crop."""
    feed = make_feed(text("crop_size: 6 mean_value: 10 mean_value: 20 mean_value: 30", "context_pad: 1"))
    plain, flipped = cut(feed, "b", 4), cut(feed, "b", 4, flip=True)
    for crop in (plain, flipped):
        assert not crop[:, 0].any()
        assert crop[:, 1:].any(axis=(0, 1)).sum() == 5
    assert not plain[:, :, 0].any() and not flipped[:, :, 5].any()
    inside = resize(images["b"][:, :6, :6].astype(np.uint8), 5, 5)
    np.testing.assert_array_equal(plain[:, 1:, 1:], inside - np.array([[[10]], [[20]], [[30]]], np.float32))
    np.testing.assert_array_equal(flipped[:, :, :5], plain[:, :, :0:-1])


def test_square_windows_have_the_longer_side(images: dict, make_feed: Callable):
    """Rows 3..8 and columns 2..5 become 6 + 1 by 6 + 1 about the middle (6, 4): rows 3..9, columns 1..7."""
    feed = make_feed(text("crop_size: 7", "crop_mode: 'square'"))
    np.testing.assert_array_equal(cut(feed, "a", 1), images["a"][:, 3:10, 1:8])


def test_scale_and_mean_are_applied(images: dict, make_feed: Callable, tmp_path: Path):
    mean = np.arange(3 * 6 * 8, dtype=np.float32).reshape(3, 6, 8)
    write_mean(tmp_path / "mean.binaryproto", mean)
    feed = make_feed(text("crop_size: 4 scale: 0.5 mean_file: 'mean.binaryproto'", "scale: 0.25"))
    np.testing.assert_allclose(cut(feed, "b", 4), (images["b"][:, :4, :4] - mean[:, 1:5, 2:6]) / 8)


def test_background_first_and_foreground_by_its_fraction(images: dict, make_feed: Callable):
    feed = make_feed(text(batch=5, fraction=0.5))
    batches = [next(feed) for _ in range(20)]
    assert {tuple(batch["label"].tolist()[:3]) for batch in batches} == {(0, 0, 0)}
    assert {label for batch in batches for label in batch["label"].tolist()[3:]} == {1, 4}
    feed.seek(7)
    np.testing.assert_array_equal(next(feed)["data"], batches[7]["data"])
    other = make_feed(text(batch=5, fraction=0.5))
    other.configure(0, 1, 2)
    np.testing.assert_array_equal(next(other)["data"], batches[1]["data"])
    other.configure(1)
    other.seek(0)
    assert any(not np.array_equal(next(other)["data"], batch["data"]) for batch in batches)


def test_half_of_the_windows_are_mirrored(images: dict, make_feed: Callable):
    feed = make_feed(text("crop_size: 4 mirror: true", "fg_threshold: 0.6", batch=80))
    plain = cut(feed, "a", 1)
    same = [np.array_equal(crop, plain) for crop in next(feed)["data"].numpy()]
    assert 20 < sum(same) < 60


def test_cached_images_are_read_once(images: dict, make_feed: Callable, tmp_path: Path):
    feed = make_feed(text(param="cache_images: true", batch=8))
    first = next(feed)
    feed.forget()
    for name in "ab":
        feed.load(f"{name}.png")
        (tmp_path / f"{name}.png").unlink()
    feed.seek(0)
    np.testing.assert_array_equal(next(feed)["data"], first["data"])


def test_an_image_that_cannot_be_read_ends_the_run(images: dict, make_feed: Callable, tmp_path: Path):
    (tmp_path / "a.png").unlink()
    (tmp_path / "b.png").write_bytes(b"no image")
    feed = make_feed(text(batch=30))
    with pytest.raises(
        FileError, match=r"lists `a.png`, and there is no file|image `b.png` holds an image that cannot"
    ):
        next(feed)


@pytest.mark.parametrize(
    "transform, param, said",
    [
        ("", "", "needs a crop_size"),
        ("crop_size: 6", "context_pad: 3", "context_pad of 3, which leaves nothing of a crop of 6"),
        ("crop_size: 6", "crop_mode: 'round'", "crop_mode `round`"),
        ("crop_size: 6", "fg_threshold: 2", "needs 1 foreground windows a batch"),
        ("crop_size: 6 mean_value: 1 mean_value: 2", "", "has 2 mean_value for 3 channels"),
    ],
)
def test_invalid_settings_are_refused(images: dict, make_feed: Callable, transform: str, param: str, said: str):
    with pytest.raises(netdef.SpecError, match=said):
        make_feed(text(transform, param))


def test_a_window_outside_its_image_is_refused(images: dict, make_feed: Callable, tmp_path: Path):
    (tmp_path / "windows.txt").write_text("# 0 a.png 3 12 10 1 1 0.9 2 3 10 8")
    with pytest.raises(FileError, match="`a.png` of 12 x 10 has no window 2 3 10 8"):
        next(make_feed(text()))
