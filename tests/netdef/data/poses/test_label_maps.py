"""Maps of joints and limbs by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pose_records import JOINTS, record

from netdef.data.poses.label_maps import label_maps
from netdef.data.poses.pose import SKELETONS, Pose, in_order, read_pose

COCO = SKELETONS[56]


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
