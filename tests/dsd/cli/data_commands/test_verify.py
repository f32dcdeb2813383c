"""dsd-data verify."""

from __future__ import annotations

from pathlib import Path

from data_command import RESIZE, convert, run

from netdef.data.databases.datum_writer import DatumWriter
from netdef.schema.messages import Datum


def test_images_of_one_size_pass(tmp_path: Path):
    convert(tmp_path / "db", *RESIZE)
    assert "6 records, 3x9x7, labels" in run("verify", tmp_path / "db")


def test_images_of_several_sizes_end_with_status_1(tmp_path: Path):
    convert(tmp_path / "db", "--encoded")
    shown = run("verify", tmp_path / "db", status=1)
    assert "6 records, encoded, labels 0 to 7 (6 of them)" in shown and "shapes, which only a crop_size" in shown


def test_damage_ends_with_status_1(tmp_path: Path):
    with DatumWriter(tmp_path / "db") as writer:
        for _ in range(12):
            writer.add(Datum(channels=1, height=1, width=2, data=b"abc"))
    shown = run("verify", tmp_path / "db", status=1)
    assert "item `00000009` says 1 x 1 x 2 and holds 3 values" in shown and "00000010" not in shown
    assert "and 2 more records that cannot be decoded" in shown


def test_a_missing_database_ends_with_status_2(tmp_path: Path):
    assert "nothing" in run("verify", tmp_path / "nothing", status=2)
