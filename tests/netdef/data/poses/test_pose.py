"""Poses read from records."""

from __future__ import annotations

import pytest
from pose_records import HEIGHT, JOINTS, WIDTH, record

from netdef.data.poses.pose import SKELETONS, in_order, read_pose
from netdef.errors import NetdefError
from netdef.schema.messages import Datum

COCO = SKELETONS[56]


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
