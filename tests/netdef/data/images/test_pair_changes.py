"""Random changes of images with labels and boxes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from netdef.data.images.pair_changes import blurred, mirrored, moved, recoloured, rotated, rotated_boxes

BOX = np.array([[7, 2, 1, 5, 3, 0.5]])


def pixel(blue: int, green: int, red: int) -> np.ndarray:
    return np.array([blue, green, red], np.uint8)[:, None, None]


@pytest.mark.parametrize(("before", "deltas", "after"), [
    ((0, 0, 255), (60, 0, 0), (0, 255, 0)),  # a third of the circle
    ((255, 0, 0), (60, 0, 0), (0, 0, 255)),  # over its end
    ((100, 100, 200), (0, -200, 0), (200, 200, 200)),
    ((100, 100, 100), (0, 0, 20), (120, 120, 120)),
    ((100, 100, 100), (0, 0, 200), (255, 255, 255)),
])
def test_hue_saturation_and_value(before: tuple, deltas: tuple, after: tuple):
    np.testing.assert_allclose(recoloured(pixel(*before), deltas).astype(int), pixel(*after).astype(int), atol=2)


def test_blur_spreads_a_point_by_a_gaussian():
    image = np.zeros((1, 7, 9), np.uint8)
    image[0, 3, 4] = 250
    across, down = (np.exp(-np.array([1, 0, 1]) / (2 * sigma**2)) for sigma in (0.7, 1.2))
    wanted = np.zeros((7, 9))
    wanted[2:5, 3:6] = 250 * np.outer(down / down.sum(), across / across.sum())
    np.testing.assert_array_equal(blurred(image, 3, 0.7, 1.2)[0], wanted.round())


def test_blur_reflects_borders_and_finds_its_deviation():
    """Of kernel 5 without one: 0.3 + 0.8. The corner is its own mirror's."""
    image = np.zeros((1, 6, 5), np.uint8)
    image[0, 0, 0] = 255
    weights = np.exp(-(np.arange(-2, 3) ** 2) / (2 * 1.1**2))
    assert blurred(image, 5, 0, 0)[0, 0, 0] == round(255 * (weights[2] / weights.sum()) ** 2)


def test_half_a_turn_is_about_the_middle_of_the_sides():
    """Place (r, c) takes (height - r, width - c): of the first row and column, one beyond the border."""
    image = np.arange(20, dtype=np.uint8).reshape(1, 4, 5)
    turned = rotated(image, math.pi, 255)[0]
    assert (turned[0] == 255).all() and (turned[:, 0] == 255).all()
    np.testing.assert_array_equal(turned[1:, 1:], image[0, :0:-1, :0:-1])
    smooth = rotated(image, math.pi)[0]
    np.testing.assert_array_equal(smooth[1:, 1:], image[0, :0:-1, :0:-1])
    np.testing.assert_array_equal(smooth[0, 1:], image[0, 2, :0:-1])  # row 4 is row 2


def test_places_between_pixels_are_interpolated():
    """A turn by a small angle a moves the last column's place by -a times its height above the middle."""
    image = np.tile(np.arange(0, 200, 20, dtype=np.uint8), (9, 1))[None]
    angle = 0.05
    turned = rotated(image, angle)[0]
    column, row = 6 - 5, 1 - 4.5
    wanted = 20 * (math.cos(angle) * column - math.sin(angle) * row + 5)
    assert turned[1, 6] == round(wanted)


def test_the_box_around_a_rotated_one():
    """A quarter to the left about (5, 4): x, y become 5 + (y - 4), 4 - (x - 5); the top is above the image."""
    (box,) = rotated_boxes(np.array([[7, 6, 1, 10, 3, 0.5]]), math.pi / 2, (8, 10))
    assert box.tolist() == [7, 2, 0, 4, 3, 0.5]


def test_boxes_move_and_are_mirrored():
    assert moved(BOX, 3, -1).tolist() == [[7, 5, 0, 8, 2, 0.5]]
    assert mirrored(BOX, 8).tolist() == [[7, 2, 1, 5, 3, 0.5]]
    assert mirrored(BOX, 9).tolist() == [[7, 3, 1, 6, 3, 0.5]]
