"""The content of a database, damage included."""

from __future__ import annotations

from collections.abc import Callable

from netdef.data.databases.survey import decoded_items, survey
from netdef.schema.messages import Datum


def test_survey_counts_shapes_labels_and_damage(make_database: Callable, random_images: Callable):
    broken = Datum(channels=1, height=2, width=3, data=b"12345", label=2)
    path = make_database([*random_images(2, 1, 2, 3), broken, *random_images(1, 3, 5, 4)])
    found = survey(decoded_items(path))
    assert found.count == 4 and found.encoded == 0
    assert found.shapes == {(1, 2, 3): 2, (3, 5, 4): 1} and found.labels == {0: 1, 1: 1, 3: 1}
    assert found.damaged == [("00000002", "says 1 x 2 x 3 and holds 5 values")]
    assert [record.label for record in decoded_items(path, 2)] == [0, 1]
