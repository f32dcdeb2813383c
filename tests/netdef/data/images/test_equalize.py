"""Brightness spread over 0 to 255, by hand."""

from __future__ import annotations

import numpy as np

from netdef.data.images.equalize import equalize, equalize_parts


def test_values_become_their_shares_of_those_above_the_least():
    """Of two pixels above 10, one is at most 20 and both are at most 30: 127.5 and 255."""
    assert equalize(np.array([[10, 10, 30], [10, 20, 10]], np.uint8)).tolist() == [[0, 0, 255], [0, 128, 0]]
    assert equalize(np.full((2, 3), 9, np.uint8)).tolist() == [[9] * 3] * 2


def test_a_pixel_between_parts_takes_of_each():
    """Parts of one pixel, each row darker than the one above: a pixel is bright in its own part and dark in that above."""
    image = np.repeat(np.arange(200, 120, -10, dtype=np.uint8)[:, None], 8, 1)
    assert equalize_parts(image).tolist() == [[255] * 8, *[[128] * 8] * 7]


def test_what_is_above_the_limit_is_spread():
    """Parts of four pixels of value 100, of which one may count there: the others count at 0, 85 and 170; 255 * 3 / 4."""
    for shape in ((16, 16), (9, 15), (9, 8)):  # the last two lack rows, or columns as well
        assert (equalize_parts(np.full(shape, 100, np.uint8)) == 191).all()
