"""CPMData: records of poses, random changes that keep points on their pixels, and label maps by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from netdef.data.poses.augment import Augmentation
from netdef.data.poses.label_maps import label_maps
from netdef.data.poses.pose import SKELETONS, Pose, in_order, read_pose
from netdef.errors import FileError, NetdefError, SpecError
from netdef.schema.messages import Datum

HEIGHT, WIDTH, JOINTS = 48, 100, 17
COCO = SKELETONS[56]


def floats(rows: np.ndarray, row: int, *values: float) -> None:
    data = np.array(values, "<f4").tobytes()
    rows[row, : len(data)] = np.frombuffer(data, np.uint8)


def record(others: int = 1, image: np.ndarray | None = None) -> Datum:
    """A person whose joint i is at (10 + i, 5 + i), counted from 1, and others 30 pixels further to the right."""
    planes = np.zeros((6, HEIGHT, WIDTH), np.uint8)
    planes[:3] = 128 if image is None else image
    planes[4] = 255
    rows = planes[3]
    rows[0, :4] = list(b"COCO")
    floats(rows, 1, HEIGHT, WIDTH)
    rows[2, :3] = 0, others, 0
    floats(rows, 3, 21, 17)
    floats(rows, 4, 0.5)
    blocks = [5, *(9 + others + 3 * other for other in range(others))]
    for person, block in enumerate(blocks):
        marks = np.ones(JOINTS)
        marks[:3] = 0, 3, 1
        floats(rows, block, *(10 + np.arange(JOINTS) + 30 * person))
        floats(rows, block + 1, *(5 + np.arange(JOINTS)))
        floats(rows, block + 2, *marks)
    return Datum(channels=6, height=HEIGHT, width=WIDTH, data=planes.tobytes())


def test_a_record_is_read():
    pose = read_pose(record(others=3), JOINTS)
    assert pose.image.shape == (3, HEIGHT, WIDTH) and (pose.mask == 255).all()
    assert pose.centre.tolist() == [20, 16] and pose.scale == 0.5
    assert pose.points.shape == (4, JOINTS, 2) and pose.points[1, 2].tolist() == [41, 6]
    assert pose.visible[0, :4].tolist() == [0, 3, 1, 1]  # hidden, unknown, visible
    assert pose.visible[1, :4].tolist() == [0, 1, 1, 1]  # nobody else's joints are unknown
    assert pose.visible[3].tolist()[:3] == [0, 2, 2]  # from x = 9 + 1 + 90 on outside


def test_joints_are_in_the_order_of_openpose():
    pose = in_order(read_pose(record(), JOINTS), COCO)
    assert pose.points.shape == (2, 18, 2)
    assert pose.points[0, 1].tolist() == [14.5, 9.5]  # the neck, between the shoulders 6 and 7
    assert pose.points[0, 14].tolist() == [11, 6]  # the right eye, 3
    assert pose.visible[0, 0] == 0 and pose.visible[0, 15] == 3 and pose.visible[0, 1] == 1


@pytest.mark.parametrize(
    ("datum", "words"),
    [
        (Datum(channels=3, height=2, width=3, data=bytes(18)), "has 3 planes of uint8; poses have 6"),
        (Datum(channels=6, height=9, width=20, data=bytes(6 * 180)), "too small to hold 17 joints of 1 people"),
    ],
)
def test_records_without_poses_are_refused(datum: Datum, words: str):
    with pytest.raises(NetdefError, match=words):
        read_pose(datum, JOINTS)


def spot(x: int, y: int) -> Pose:
    """A bright blob of 5 pixels at a point, which is the joint 2 of one person, a right one."""
    image = np.full((3, 60, 90), 40, np.uint8)
    image[:, y - 2 : y + 3, x - 2 : x + 3] = 240
    points = np.zeros((1, 18, 2))
    points[0, 2] = x, y
    return Pose(image, np.full((60, 90), 255, np.uint8), np.array([45.0, 30]), 1.0, points, np.ones((1, 18), int))


def brightest(pose: Pose) -> np.ndarray:
    """The middle of the bright pixels, x and y."""
    weights = np.clip(pose.image[0].astype(float) - 160, 0, None)
    rows, columns = np.mgrid[: weights.shape[0], : weights.shape[1]]
    return np.array([(weights * columns).sum(), (weights * rows).sum()]) / weights.sum()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("mirror", [0, 1])
def test_points_stay_on_their_pixels(seed: int, mirror: float):
    change = Augmentation(1.5, 1, 0.7, 1.3, 40, 8, 96, 120, mirror)
    pose = change.apply(spot(50, 26), COCO, np.random.default_rng(seed))
    assert pose.image.shape == (3, 96, 120) and pose.mask.shape == (96, 120)
    joint = 5 if mirror else 2  # left and right change places
    np.testing.assert_allclose(pose.points[0, joint], brightest(pose), atol=1.2)


def test_without_randomness_only_the_crop_changes_the_image():
    """Scale 1, no turn, and a crop of 10 x 20 whose middle is the centre (45, 30): rows 25 to 34, columns 35 to 54."""
    pose = spot(50, 26)
    found = Augmentation(1, 0, 1, 1, 0, 0, 10, 20, 0).apply(pose, COCO, np.random.default_rng(1))
    # Turning by nothing goes onto a canvas one row and column larger, half a pixel off.
    assert np.abs(found.points[0, 2] - (15, 1)).max() <= 1
    wide = Augmentation(1, 0, 1, 1, 0, 0, 200, 300, 0).apply(pose, COCO, np.random.default_rng(1))
    assert (wide.image[:, 0, 0] == 128).all() and wide.mask[0, 0] == 255


def test_maps_of_joints_by_hand():
    """Stride 8: places lie at 3.5, 11.5, ... ; sigma 7; beyond exp(-4.6052) nothing; two people of one joint add up to 1."""
    points = np.full((2, 18, 2), 12.0)
    visible = np.full((2, 18), 2)
    visible[:, 4] = 1, 0  # seen, and hidden
    pose = Pose(np.zeros((3, 40, 56), np.uint8), np.zeros((40, 56), np.uint8), np.zeros(2), 1.0, points, visible)
    mask = np.full((5, 7), 51, np.uint8)
    maps = label_maps(pose, COCO, mask, 8, 7)
    assert maps.shape == (114, 5, 7) and (maps[:57] == np.float32(51 / 255)).all()
    plane = maps[57 + 38 + 4]
    for row in range(5):
        for column in range(7):
            exponent = ((3.5 + 8 * column - 12) ** 2 + (3.5 + 8 * row - 12) ** 2) / 98
            expected = min(2 * math.exp(-exponent), 1) if exponent <= 4.6052 else 0
            assert plane[row, column] == pytest.approx(expected, abs=1e-6)
    np.testing.assert_allclose(maps[113], 1 - plane, atol=1e-6)
    assert not np.delete(maps[57:113], 38 + 4, axis=0).any()


def test_maps_of_limbs_by_hand():
    """The limb from the neck (joint 1) to the right hip (8) at (2, 1) and (2, 4) in places: straight down within one column."""
    points = np.zeros((1, 18, 2))
    points[0, 1], points[0, 8] = (16, 8), (16, 32)
    visible = np.full((1, 18), 2)
    visible[0, [1, 8]] = 1
    pose = Pose(np.zeros((3, 56, 48), np.uint8), np.zeros((56, 48), np.uint8), np.zeros(2), 1.0, points, visible)
    maps = label_maps(pose, COCO, np.zeros((7, 6), np.uint8), 8, 1)
    expected = np.zeros((7, 6))
    expected[0:5, 1:3] = 1  # from one before to one after the end, left out; columns 1 to 2
    np.testing.assert_array_equal(maps[58], expected)
    assert not maps[57].any() and not maps[59 : 57 + 38].any()


def test_unknown_joints_do_not_count():
    pose = in_order(read_pose(record(), JOINTS), COCO)
    maps = label_maps(pose, COCO, np.full((6, 12), 255, np.uint8), 8, 7)
    assert not maps[15].any() and (np.delete(maps[:57], 15, axis=0) == 1).all()  # the left eye


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
        ("num_parts: 56 stride: 0", "`stride` of at least 1"),
    ],
)
def test_bad_settings_are_refused(make_feed: Callable, param: str, words: str):
    with pytest.raises(SpecError, match=words):
        make_feed(f"type: 'CPMData' top: 'data' data_param {{ source: 'db' batch_size: 2 }} cpm_transform_param {{ {param} }}")


def test_an_error_names_the_record(make_feed: Callable, make_database: Callable, random_images: Callable):
    make_database(random_images(2, 3, 5, 4))
    with pytest.raises(FileError, match="db: item `00000000` has 3 planes"):
        make_feed(TEXT.format(""))
