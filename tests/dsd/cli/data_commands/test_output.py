"""The options shared by the commands that make databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from data_command import convert

from netdef.data.databases.leveldb import LeveldbRecords
from netdef.data.databases.open import open_records


def test_backend_leveldb_writes_a_leveldb(tmp_path: Path):
    pytest.importorskip("plyvel", reason="needs the extra `leveldb`")
    convert(tmp_path / "db", "--backend=LevelDB")
    records = open_records(tmp_path / "db")
    assert isinstance(records, LeveldbRecords) and len(records.read(0, 6)) == 6
    records.close()


def test_unknown_backend_is_refused(tmp_path: Path):
    assert "'hdf5' is not one of 'lmdb', 'leveldb'" in convert(tmp_path / "db", "--backend=hdf5", status=2)


def test_other_folders_are_not_replaced(tmp_path: Path):
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "notes.txt").write_text("mine")
    assert "is there already, is no database, and is not replaced by one" in convert(tmp_path / "db", "--force", status=2)
    assert "already exists; --force replaces it" in convert(tmp_path / "db", status=2)
