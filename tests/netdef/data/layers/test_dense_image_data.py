"""DenseImageData: images and label images from one list."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from image_pairs import COUNT, HEIGHT, WIDTH, agree, grid, plane

from netdef.data.feeding.feed import Feed
from netdef.errors import SpecError


def dense(more: str = "", transform: str = "", batch: int = 2) -> str:
    return (f"type: 'DenseImageData' top: 'data' top: 'label' transform_param {{ {transform} }} "
            f"dense_image_data_param {{ source: 'pairs.txt' batch_size: {batch} {more} }}")


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_images_and_labels_are_read_unchanged(files: Path, make_feed: Callable[..., Feed], phase: str):
    feed = make_feed(dense(), phase)
    assert feed.shapes == {"data": (2, 3, HEIGHT, WIDTH), "label": (2, 1, HEIGHT, WIDTH)}
    batch = next(feed)
    np.testing.assert_array_equal(batch["label"], [[grid(HEIGHT, WIDTH)]] * 2)
    agree(batch, [0, 1])
    np.testing.assert_array_equal(next(make_feed(dense("is_color: false"), phase))["data"].shape, (2, 1, HEIGHT, WIDTH))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_crops_and_mirrors_are_random_in_both_phases(files: Path, make_feed: Callable[..., Feed], phase: str):
    feed = make_feed(dense("mirror: true crop_height: 4 crop_width: 7"), phase)
    seen = set()
    for number in range(40):
        batch = next(feed)
        agree(batch, [2 * number % COUNT, (2 * number + 1) % COUNT])
        for label in batch["label"][:, 0]:
            mirrored = bool(label[0, 0] > label[0, 1])
            first = int(label[0].min()) - 1
            seen.add((mirrored, first // WIDTH, first % WIDTH))
            step = -1 if mirrored else 1
            expected = grid(HEIGHT, WIDTH)[first // WIDTH :, first % WIDTH :][:4, :7][:, ::step]
            np.testing.assert_array_equal(label, expected)
    assert seen == {(m, r, c) for m in (False, True) for r in range(3) for c in range(3)}


def test_labels_are_resized_by_nearest_neighbours(files: Path, make_feed: Callable[..., Feed]):
    batch = next(make_feed(dense("new_height: 3 new_width: 18")))
    assert batch["data"].shape == (2, 3, 3, 18)
    np.testing.assert_array_equal(batch["label"][1, 0], np.repeat(grid(HEIGHT, WIDTH)[::2], 2, axis=1))
    batch = next(make_feed(dense("new_height: 12 new_width: 18 label_divide_factor: 4")))
    assert batch["data"].shape == (2, 3, 12, 18)
    np.testing.assert_array_equal(batch["label"][1, 0], grid(HEIGHT, WIDTH)[::2][:, [0, 2, 4, 6]])  # 9 / 4 = 2.25 apart


def test_mean_and_scale_apply_to_the_image_only(files: Path, make_feed: Callable[..., Feed]):
    batch = next(make_feed(dense("", "mean_value: 1 mean_value: 61 mean_value: 121 scale: 0.5")))
    np.testing.assert_array_equal(batch["data"][1], [plane(0) / 2] * 3)
    np.testing.assert_array_equal(batch["label"][1, 0], grid(HEIGHT, WIDTH))


def test_batches_are_shuffled_and_resumed(files: Path, make_feed: Callable[..., Feed]):
    feed = make_feed(dense("shuffle: true rand_skip: 3", batch=1))
    drawn = [int(next(feed)["data"][0, 0, 0, 0]) - 1 for _ in range(3 * COUNT)]
    assert len({tuple(drawn[start : start + COUNT]) for start in range(3 * COUNT)}) > 3
    feed.seek(8)
    assert int(next(feed)["data"][0, 0, 0, 0]) - 1 == drawn[8]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (dense("", "mirror: true"), "would not reach the labels"),
        (dense("", "crop_size: 3"), "would not reach the labels"),
        (dense("new_height: 3"), "`new_height` 3 and `new_width` 0"),
        (dense("crop_width: 3"), "`crop_height` 0 and `crop_width` 3"),
        (dense("crop_height: 7 crop_width: 3"), "of 6 x 9 cannot be cropped to 7 x 3"),
        (dense("label_divide_factor: 2"), "must be 1, or go with"),
    ],
)
def test_bad_settings_are_refused(files: Path, make_feed: Callable[..., Feed], text: str, words: str):
    with pytest.raises(SpecError, match=words):
        make_feed(text)


def test_pixels_of_the_image_alone_are_changed(files: Path, make_feed: Callable[..., Feed]):
    plain, changed = (next(make_feed(dense("", text))) for text in ("", "noise_param { inverse: true }"))
    np.testing.assert_array_equal(changed["data"], 255 - plain["data"])
    np.testing.assert_array_equal(changed["label"], plain["label"])


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_squares_are_turned_with_their_labels(files: Path, make_feed: Callable[..., Feed], phase: str):
    size, seen = "new_height: 6 new_width: 6", set()
    plain, feed = make_feed(dense(size)), make_feed(dense(f"{size} rotate: true"), phase)
    for _ in range(12):
        for data, label, data_before, label_before in zip(*next(feed).values(), *next(plain).values()):
            (quarters,) = [n for n in range(4) if np.array_equal(label[0], np.rot90(label_before[0], -n))]
            np.testing.assert_array_equal(data, np.rot90(data_before, -quarters, (1, 2)))
            seen.add(quarters)
    assert seen == {0, 1, 2, 3}
    with pytest.raises(SpecError, match="is of 6 x 9; `rotate` turns square images"):
        make_feed(dense("rotate: true"))
