"""Tables of a log, from JSON lines and into CSV; and files that are no log."""

from __future__ import annotations

import io

from dsd.logs.tables import Row, write_csv


def as_csv(rows: list[Row]) -> str:
    file = io.StringIO()
    write_csv(rows, file)
    return file.getvalue()


def test_csv_leaves_missing_columns_empty():
    assert as_csv([{"a": 1.0}, {"b": 2.0, "a": 3.0}]) == "a,b\r\n1.0,\r\n3.0,2.0\r\n"
