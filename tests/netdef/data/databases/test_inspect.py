"""What a database holds, damage included."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from netdef.data.databases.inspect import records, sheet, survey
from netdef.schema.messages import Datum


def test_survey_counts_shapes_labels_and_damage(make_database: Callable, random_images: Callable):
    broken = Datum(channels=1, height=2, width=3, data=b"12345", label=2)
    path = make_database([*random_images(2, 1, 2, 3), broken, *random_images(1, 3, 5, 4)])
    told = survey(records(path))
    assert told.count == 4 and told.encoded == 0
    assert told.shapes == {(1, 2, 3): 2, (3, 5, 4): 1} and told.labels == {0: 1, 1: 1, 3: 1}
    assert told.damaged == [("00000002", "says 1 x 2 x 3 and holds 5 values")]
    assert [record.label for record in records(path, 2)] == [0, 1]


def test_a_sheet_has_images_side_by_side():
    blue = np.zeros((3, 2, 4), np.uint8)
    blue[0] = 200
    floats = np.array([[[-1.0, 3.0]]], np.float32)
    picture = sheet([blue, floats, blue], columns=2)
    assert picture.shape == (2 + 2 + 2, 4 + 2 + 4, 3)
    assert picture[1, 3].tolist() == [0, 0, 200] and picture[5, 0].tolist() == [0, 0, 200]
    assert picture[0, 6:8, 0].tolist() == [0, 255]
    assert picture[2, 0].tolist() == [255, 255, 255]
