"""The anchors of Faster R-CNN."""

from __future__ import annotations

from netdef.layers.detection.faster_rcnn.anchors import boxes_of_sides, make_anchors


def test_the_anchors_of_the_paper():
    assert [tuple(map(int, box)) for box in make_anchors(16, (0.5, 1, 2), (8, 16, 32))] == [
        (-84, -40, 99, 55), (-176, -88, 191, 103), (-360, -184, 375, 199), (-56, -56, 71, 71), (-120, -120, 135, 135),
        (-248, -248, 263, 263), (-36, -80, 51, 95), (-80, -168, 95, 183), (-168, -344, 183, 359)]


def test_anchors_of_given_sides_are_half_as_wide_and_twice_as_high_for_a_ratio_of_4():
    assert boxes_of_sides(16, 4.0, (64, 128)) == [(-8, -56, 23, 71), (-24, -120, 39, 135)]
