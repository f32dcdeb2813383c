"""Colour spaces of single pixels, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from netdef.data.images.colour_spaces import from_ycrcb, to_grey, to_hsv, to_lab, to_ycrcb


def pixel(*values: int) -> np.ndarray:
    return np.array(values, np.uint8)[:, None, None]


def test_brightness_and_the_differences_from_it():
    """0.114 * 10 + 0.587 * 20 + 0.299 * 30 = 21.85; 128 + 0.713 (30 - 22) = 133.7; 128 + 0.564 (10 - 22) = 121.2."""
    assert to_grey(pixel(10, 20, 30)).tolist() == [[22]]
    assert to_ycrcb(pixel(10, 20, 30)).ravel().tolist() == [22, 134, 121]
    # 22 + 1.773 * -7 = 9.6; 22 - 0.344 * -7 - 0.714 * 6 = 20.1; 22 + 1.403 * 6 = 30.4.
    assert from_ycrcb(pixel(22, 134, 121)).ravel().tolist() == [10, 20, 30]
    assert from_ycrcb(pixel(250, 255, 0)).ravel().tolist() == [23, 203, 255]  # 250 - 226.9; 250 + 44.0 - 90.7; above 255


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ((10, 20, 30), (15, 170, 30)),  # red: 30 * 10 / 20; 255 * 20 / 30
        ((20, 10, 30), (165, 170, 30)),  # 180 - 15
        ((10, 30, 20), (45, 170, 30)),  # green: 60 - 30 * 10 / 20
        ((30, 20, 10), (105, 170, 30)),  # blue: 120 - 15
        ((7, 7, 7), (0, 0, 7)),
        ((0, 0, 0), (0, 0, 0)),
    ],
)
def test_hue_and_saturation(colour: tuple[int, ...], expected: tuple[int, ...]):
    assert tuple(to_hsv(pixel(*colour)).ravel()) == expected


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ((0, 0, 0), (0, 0, 0)),
        ((255, 255, 255), (100, 0, 0)),
        ((0, 0, 255), (53, 80, 67)),  # red: 53.24, 80.09, 67.20
        ((255, 0, 0), (32, 79, 0)),  # blue: 32.30, 79.19, -107.86
    ],
)
def test_lab_of_well_known_colours(colour: tuple[int, ...], expected: tuple[int, ...]):
    assert tuple(to_lab(pixel(*colour)).ravel()) == expected
