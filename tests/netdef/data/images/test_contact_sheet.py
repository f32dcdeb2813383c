"""Images side by side."""

from __future__ import annotations

import numpy as np

from netdef.data.images.contact_sheet import contact_sheet


def test_a_sheet_has_images_side_by_side():
    blue = np.zeros((3, 2, 4), np.uint8)
    blue[0] = 200
    floats = np.array([[[-1.0, 3.0]]], np.float32)
    picture = contact_sheet([blue, floats, blue], columns=2)
    assert picture.shape == (3, 2 + 2 + 2, 4 + 2 + 4)
    assert picture[:, 1, 3].tolist() == [200, 0, 0] and picture[:, 5, 0].tolist() == [200, 0, 0]
    assert picture[0, 0, 6:8].tolist() == [0, 255]
    assert picture[:, 2, 0].tolist() == [255, 255, 255]
