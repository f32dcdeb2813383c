"""CPMData: images of poses as batches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pose_records import HEIGHT, WIDTH, record

from netdef.errors import FileError, SpecError

TEXT = ("type: 'CPMData' top: 'data' top: 'label' data_param {{ source: 'db' backend: LMDB batch_size: 2 }} "
        "cpm_transform_param {{ np_in_lmdb: 17 num_parts: 56 stride: 8 {} }}")


def test_images_are_unchanged_in_test(make_feed: Callable, make_database: Callable, tmp_path: Path):
    image = np.random.default_rng(1).integers(0, 256, (3, HEIGHT, WIDTH), np.uint8)
    make_database([record(0, image), record(2)])
    feed = make_feed(TEXT.format(""), "TEST")
    assert feed.shapes == {"data": (2, 6, 48, 100), "label": (2, 114, 6, 12)}
    batch = next(feed)
    np.testing.assert_array_equal(batch["data"][0, :3], (image.astype(np.float32) - 128) / 256)
    assert not batch["data"][:, 3:].any() and not batch["data"][1].any()


def test_images_are_augmented_in_training_and_resumed(make_feed: Callable, make_database: Callable):
    make_database([record(0), record(1), record(2)])
    text = TEXT.format("crop_size_x: 64 crop_size_y: 32 target_dist: 0.6 max_rotate_degree: 20")
    feed, again = make_feed(text), make_feed(text)
    assert feed.shapes == {"data": (2, 6, 32, 64), "label": (2, 114, 4, 8)}
    batches = [next(feed) for _ in range(4)]
    again.seek(3)
    same = next(again)
    for top in ("data", "label"):
        np.testing.assert_array_equal(same[top], batches[3][top])
    assert not np.array_equal(batches[0]["label"], batches[3]["label"])  # the same records, other changes


@pytest.mark.parametrize(
    ("param", "words"),
    [
        ("num_parts: 14", "`num_parts` 14; there are 56 .COCO. and 43 .MPI."),
        ("num_parts: 43 aug_way: 'table'", "`aug_way` table; only rand is there"),
        ("num_parts: 56 np_in_lmdb: 14", "has 14 joints a person, too few"),
        ("num_parts: 56 stride: 0", "`stride` 0; it must be at least 1"),
    ],
)
def test_bad_settings_are_refused(make_feed: Callable, param: str, words: str):
    with pytest.raises(SpecError, match=words):
        make_feed(f"type: 'CPMData' top: 'data' data_param {{ source: 'db' batch_size: 2 }} cpm_transform_param {{ {param} }}")


def test_an_error_names_the_record(make_feed: Callable, make_database: Callable, random_images: Callable):
    make_database(random_images(2, 3, 5, 4))
    with pytest.raises(FileError, match="db: item `00000000` has 3 planes"):
        make_feed(TEXT.format(""))
