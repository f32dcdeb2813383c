"""CPMData of convolutional pose machines."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pose_records import HEIGHT, WIDTH, record

from netdef.errors import FileError, SpecError
from netdef.schema.messages import Datum

TEXT = ("type: 'CPMData' top: 'data' top: 'label' cpmdata_param {{ source: 'db' backend: LMDB batch_size: 2 }} "
        "transform_param {{ np_in_lmdb: 17 stride: 8 visualize: false {} }}")


def without_masks(datum: Datum) -> Datum:
    """A record of OpenPose without its last two planes."""
    return Datum(channels=4, height=HEIGHT, width=WIDTH, data=datum.data[: 4 * HEIGHT * WIDTH])


def bump(x: float, y: float, column: float, row: float, sigma: float) -> float:
    exponent = ((x - column) ** 2 + (y - row) ** 2) / (2 * sigma**2)
    return math.exp(-exponent) if exponent <= 4.6052 else 0


def test_a_person_and_all_people_in_test(make_feed: Callable, make_database: Callable, tmp_path: Path):
    """Joint 9 of MPI, the head, is at (18, 13) and 30 further right; the middle of the person at (20, 16)."""
    image = np.random.default_rng(1).integers(0, 256, (3, HEIGHT, WIDTH), np.uint8)
    make_database([without_masks(record(1, image)), without_masks(record(0))])
    feed = make_feed(TEXT.format(""), "TEST")
    assert feed.shapes == {"data": (2, 4, 48, 100), "label": (2, 30, 6, 12)}
    data, label = next(feed).values()
    np.testing.assert_array_equal(data[0, :3], (image.astype(np.float32) - 128) / 256)
    assert data[0, 3, 16, 20] == 1 and data[0, 3, 18, 27] == pytest.approx(bump(27, 18, 20, 16, 21))
    first, both = label[0, :15], label[0, 15:]
    for row, column in ((1, 1), (1, 2), (1, 5), (5, 11)):
        x, y = 3.5 + 8 * column, 3.5 + 8 * row
        assert first[0, row, column] == pytest.approx(bump(x, y, 18, 13, 7), abs=1e-6)
        assert both[0, row, column] == pytest.approx(bump(x, y, 18, 13, 7) + bump(x, y, 48, 13, 7), abs=1e-6)
    for half in (first, both):
        np.testing.assert_allclose(half[14], 1 - half[:14].amax(0), atol=1e-6)
    np.testing.assert_array_equal(label[1, :15], label[1, 15:])  # nobody else is there


def test_persons_are_augmented_in_training(make_feed: Callable, make_database: Callable):
    make_database([without_masks(record(others)) for others in (0, 1, 2)])
    param = "crop_size_x: 64 crop_size_y: 32 target_dist: 0.6 num_parts: 28"
    feed, again = make_feed(TEXT.format(param)), make_feed(TEXT.format(param))
    assert feed.shapes == {"data": (2, 4, 32, 64), "label": (2, 58, 4, 8)}
    batches = [next(feed) for _ in range(4)]
    again.seek(3)
    np.testing.assert_array_equal(next(again)["label"], batches[3]["label"])
    assert not np.array_equal(batches[0]["label"], batches[3]["label"])


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_a_person_of_human36m_is_cut_out(make_feed: Callable, make_database: Callable, phase: str):
    """The joints 9 ... 25, 4 ... 20 are at most 12 from the middle (20, 16): 12 + 25 reach beyond the image, 20 and 16 do not."""
    image = np.zeros((3, HEIGHT, WIDTH), np.uint8)
    image[:, :, 41:] = 200
    make_database([without_masks(record(3, image))] * 2)
    feed = make_feed(TEXT.format("num_parts: 17 transform_body_joint: false"), phase)
    assert feed.shapes == {"data": (2, 4, 368, 368), "label": (2, 36, 46, 46)}
    data, label = next(feed).values()
    assert (data[:, :3] == -0.5).all()  # all within columns 0 to 40
    x, y = 20 * 368 / 41, 16 * 368 / 33
    assert data[0, 3, 170, 190] == pytest.approx(bump(190, 170, x, y, 21), abs=1e-5)
    np.testing.assert_array_equal(label[:, :18], label[:, 18:])
    row, column = 7, 11  # joint 2 is at (11, 6)
    assert label[0, 2, row, column] == pytest.approx(
        bump(3.5 + 8 * column, 3.5 + 8 * row, 11 * 368 / 41, 6 * 368 / 33, 7), abs=1e-5)


@pytest.mark.parametrize(("param", "words"), [
    ("num_parts: 28 np_in_lmdb: 14", "has 14 joints a person, too few"),
    ("num_parts: 0", "`num_parts` 0; it must be at least 1"),
    ("sigma_center: 0", "`sigma_center` 0; it must be above 0"),
    ("num_parts: 17 transform_body_joint: false crop_size_y: 256", "`crop_size_y` 256; persons of Human3.6M are cut out to 368"),
])
def test_bad_settings_are_refused(make_feed: Callable, param: str, words: str):
    with pytest.raises(SpecError, match=words):
        make_feed(f"type: 'CPMData' top: 'data' cpmdata_param {{ source: 'db' batch_size: 2 }} transform_param {{ {param} }}")


def test_records_with_masks_are_refused(make_feed: Callable, make_database: Callable):
    make_database([record()])
    with pytest.raises(FileError, match="db: item `00000000` has 6 planes of uint8; poses have 4"):
        make_feed(TEXT.format(""))
