"""Joints go where their pixels go."""

from __future__ import annotations

import math

import numpy as np
import pytest

from netdef.data.poses.joint_changes import FACE, Jointed, cropped, joint_maps, mirrored, resized, turned
from netdef.errors import NetdefError


def marked(height: int, width: int, *joints: tuple[int, int]) -> Jointed:
    """An image of one channel with 10, 20, ... at the joints, given as x, y."""
    image = np.zeros((1, height, width), np.float32)
    for number, (x, y) in enumerate(joints, 1):
        image[0, y, x] = 10 * number
    return Jointed(image, np.array(joints, float))


def values(this: Jointed, shift: int = 0) -> list[float]:
    """The pixels at the joints, ``shift`` columns beside."""
    return [float(this.image[0, round(y), round(x) + shift]) for x, y in this.joints]


def test_mirroring_swaps_pairs():
    """As in the fork a joint at column x comes to width - x, one column right of its pixel."""
    this = mirrored(marked(5, 8, (2, 1), (5, 3), (7, 4)), 1, True)
    assert this.joints.tolist() == [[6, 1], [1, 4], [3, 3]]
    assert values(this, -1) == [10, 30, 20]
    assert mirrored(marked(5, 8, (2, 1), (5, 3)), 0, False).joints.tolist() == [[6, 1], [3, 3]]


def test_a_joint_without_another_is_an_error():
    with pytest.raises(NetdefError, match="3 joints"):
        mirrored(marked(5, 8, (2, 1), (5, 3), (7, 4)), 0, True)


def test_a_mirrored_face():
    """Chin, nose bridge and the middle of the upper lip stay; the outer corners of eyes and mouth change sides."""
    face = Jointed(np.zeros((1, 3, 200), np.float32), np.stack((np.arange(FACE), np.zeros(FACE)), 1))
    found = (200 - mirrored(face, 1, True).joints[:, 0]).astype(int)
    assert [found[i] for i in (8, 27, 30, 51, 57, 62, 66)] == [8, 27, 30, 51, 57, 62, 66]
    assert [found[i] for i in (0, 17, 31, 36, 39, 41, 48, 60, 67)] == [16, 26, 35, 45, 42, 46, 54, 64, 65]
    assert [found[i] for i in found] == list(range(FACE))


def test_crops():
    this = cropped(marked(6, 9, (4, 2), (6, 4)), (1, 3), 5)
    assert this.image.shape == (1, 5, 5) and this.joints.tolist() == [[1, 1], [3, 3]] and values(this) == [10, 20]


@pytest.mark.parametrize("degrees, joints", [(90, [[3, 1], [2, 5]]), (180, [[5, 3], [1, 2]]), (0, [[1, 3], [5, 4]])])
def test_turns_are_counterclockwise(degrees, joints):
    this = turned(marked(7, 7, (1, 3), (5, 4)), -degrees if degrees == 90 else degrees)
    np.testing.assert_allclose(this.joints, joints, atol=1e-9)
    np.testing.assert_allclose(values(this), [10, 20], atol=1e-3)


def test_resized_joints():
    this = resized(marked(4, 4, (1, 3)), 12)
    assert this.image.shape == (1, 12, 12) and this.joints.tolist() == [[3, 9]]


def test_maps_of_bumps():
    maps = joint_maps(np.array([[1.5, 2], [-3, 0]]), 4, 5)
    assert maps.shape == (2, 4, 5) and maps.dtype == np.float32
    top = 4 / (1.5 * math.sqrt(2 * math.pi))
    assert maps[0, 2, 1] == pytest.approx(top * math.exp(-0.25 / 4.5))
    assert maps[0, 3, 4] == pytest.approx(top * math.exp(-(2.5**2 + 1) / 4.5))
    assert maps[1, 3, 2] == pytest.approx(top * math.exp(-(25 + 9) / 4.5))


def test_bumps_of_a_face_are_wider():
    maps = joint_maps(np.zeros((FACE, 2)), 7, 3)
    assert maps[0, 6, 2] == pytest.approx(16 / (6 * math.sqrt(2 * math.pi)) * math.exp(-40 / 72))
