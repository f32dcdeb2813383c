"""dsd-data show."""

from __future__ import annotations

from pathlib import Path

from data_command import convert, run
from PIL import Image

from netdef.data.databases.datum_writer import DatumWriter
from netdef.schema.messages import Datum


def test_the_first_records_as_a_table_and_a_picture(tmp_path: Path):
    convert(tmp_path / "db", "--encoded")
    shown = run("show", tmp_path / "db", "--count=4", "--save", tmp_path / "x.png")
    assert "00000003_im3.png" in shown and "im4" not in shown and "3x10x12" in shown and "encoded" in shown
    with Image.open(tmp_path / "x.png") as picture:
        assert picture.size == (4 * 12 + 3 * 2, 11)


def test_unknown_picture_format_is_refused_before_the_work(tmp_path: Path):
    convert(tmp_path / "db")
    shown = run("show", tmp_path / "db", "--save", tmp_path / "x.pgn", status=2)
    assert "images cannot be encoded as `pgn`" in shown and "im3" not in shown


def test_control_characters_of_keys_do_not_reach_the_terminal(tmp_path: Path):
    with DatumWriter(tmp_path / "db") as writer:
        writer.add(Datum(channels=1, height=1, width=2, data=b"ab"), "a\x1b[2Jb\n")
    assert r"a\x1b[2Jb\n" in run("show", tmp_path / "db")
