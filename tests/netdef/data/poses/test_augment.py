"""Augmented images: points stay on their pixels."""

from __future__ import annotations

import numpy as np
import pytest

from netdef.data.poses.augment import Augmentation
from netdef.data.poses.pose import SKELETONS, Pose

COCO = SKELETONS[56]


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
