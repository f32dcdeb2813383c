"""ImageSegData with bits as labels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from image_pairs import COUNT, HEIGHT, WIDTH, plane

from netdef.data.feeding.feed import Feed
from netdef.errors import SpecError


def bits(number: int, height: int = HEIGHT, width: int = WIDTH) -> np.ndarray:
    """Two numbers for each pixel (2, rows, columns), none of them a usual float's bits."""
    place = np.arange(height * width, dtype=np.uint32).reshape(height, width)
    return np.stack((place + 1000 * number, place | 0x7F800001))  # the second are NaNs


def feed_of(
    make_feed: Callable[..., Feed], files: Path, transform: str, more: str = "", phase: str = "TRAIN", words: int = 2, **size: int
) -> Feed:
    for number in range(COUNT):
        bits(number, **size).transpose(1, 2, 0).tofile(files / f"{number}.bin")
    (files / "bits.txt").write_text("".join(f"{i}.png {i}.bin\n" for i in range(COUNT)))
    return make_feed(f"type: 'ImageSegData' top: 'data' top: 'label' transform_param {{ {transform} }} image_data_param {{ "
                     f"source: 'bits.txt' batch_size: 2 label_type: PIXELML num_label_chn: {words} {more} }}", phase)


def test_bits_stay_as_they_are(files: Path, make_feed: Callable[..., Feed]):
    batch = next(feed_of(make_feed, files, "", phase="TEST"))
    for item in range(2):
        np.testing.assert_array_equal(batch["data"][item, 0], plane(item))
        np.testing.assert_array_equal(batch["label"][item].numpy().view(np.uint32), bits(item))


def test_crops_and_mirrors_are_those_of_the_image(files: Path, make_feed: Callable[..., Feed]):
    feed = feed_of(make_feed, files, "crop_size: 4 mirror: true")
    for number in range(10):
        batch = next(feed)
        for data, label, item in zip(batch["data"].numpy(), batch["label"].numpy(), (2 * number, 2 * number + 1)):
            place = label[0].view(np.uint32) - 1000 * (item % COUNT)
            np.testing.assert_array_equal(data[0], place + 1 + item % COUNT)
            np.testing.assert_array_equal(label[1].view(np.uint32), place | 0x7F800001)


def test_what_is_beyond_the_image_is_ignored(files: Path, make_feed: Callable[..., Feed]):
    label = next(feed_of(make_feed, files, "crop_height: 8 crop_width: 11", phase="TEST"))["label"][1].numpy().view(np.uint32)
    np.testing.assert_array_equal(label[:, :HEIGHT, :WIDTH], bits(1))
    for beyond in (label[:, HEIGHT:], label[:, :, WIDTH:]):
        assert not beyond[0].any() and (beyond[1] == 1 << 31).all()


def test_files_are_as_large_as_the_resized_image(files: Path, make_feed: Callable[..., Feed]):
    feed = feed_of(make_feed, files, "", "new_height: 3 new_width: 4", height=3, width=4)
    assert feed.shapes == {"data": (2, 3, 3, 4), "label": (2, 2, 3, 4)}
    np.testing.assert_array_equal(next(feed)["label"][1].numpy().view(np.uint32), bits(1, 3, 4))
    with pytest.raises(SpecError, match=r"labels of 96 bytes in `0.bin`; its 6 x 9 pixels want 8 each"):
        feed_of(make_feed, files, "", height=3, width=4)


def test_no_number_of_a_pixel_is_refused(files: Path, make_feed: Callable[..., Feed]):
    with pytest.raises(SpecError, match="`num_label_chn` 0"):
        feed_of(make_feed, files, "", words=0)
