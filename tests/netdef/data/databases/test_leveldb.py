"""A LevelDB that is damaged, or cannot be read without its package."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from oracle import shared

from netdef.data.databases.leveldb import LeveldbRecords
from netdef.data.databases.records import key_text
from netdef.errors import FileError, NetdefError


def test_a_damaged_leveldb_is_refused(tmp_path: Path):
    plyvel = pytest.importorskip("plyvel", reason="needs the extra `leveldb`")
    with plyvel.DB(str(tmp_path / "db"), create_if_missing=True) as database:
        database.put(b"a", b"A")
    (manifest,) = (tmp_path / "db").glob("MANIFEST-*")
    manifest.write_bytes(b"noise")
    with pytest.raises(FileError, match="db: cannot be read as LevelDB") as caught:
        LeveldbRecords(tmp_path / "db").read(0, 1)
    assert "b'" not in str(caught.value)
    (tmp_path / "db" / "CURRENT").write_bytes(b"MANIFEST-\xff00002\n")
    with pytest.raises(FileError, match="db: cannot be read as LevelDB: .*MANIFEST-\ufffd00002"):
        LeveldbRecords(tmp_path / "db").read(0, 1)
    with pytest.raises(FileError, match="is no LevelDB: it has no file CURRENT"):
        LeveldbRecords(tmp_path).read(0, 1)


@pytest.mark.parametrize("tables", [1, 3])
@pytest.mark.parametrize("damage", [lambda data: data[:-40], lambda data: data[:9] + b"?" + data[10:]], ids=["cut", "byte"])
def test_damaged_last_table_is_an_error(tmp_path: Path, tables: int, damage: Callable):
    plyvel = pytest.importorskip("plyvel", reason="needs the extra `leveldb`")
    with plyvel.DB(str(tmp_path / "db"), create_if_missing=True, write_buffer_size=1 << 16) as database:
        for i in range(45 * tables):
            database.put(b"%08d" % i, os.urandom(1000))
        database.compact_range()
    files = sorted((tmp_path / "db").glob("*.ldb"))
    assert len(files) >= tables
    files[-1].write_bytes(damage(files[-1].read_bytes()))
    records = LeveldbRecords(tmp_path / "db")
    for _ in range(2):
        with pytest.raises(FileError, match=f"db: cannot be read as LevelDB|db/{files[-1].name}: is cut short"):
            records.read(0, 45 * tables + 1)
    records.close()


def test_leveldb_without_its_extra_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "CURRENT").write_text("MANIFEST-000001\n")
    monkeypatch.setitem(sys.modules, "plyvel", None)
    with pytest.raises(NetdefError, match=r"netdef-dsd\[leveldb\]"):
        LeveldbRecords(tmp_path).read(0, 1)


def test_leveldb_written_by_caffe_is_read():
    pytest.importorskip("plyvel", reason="needs the extra `leveldb`")
    records = LeveldbRecords(shared("data/mnist_leveldb/mnist-test-leveldb"))
    assert [key_text(item) for item in records.read(9_998, 4)] == ["00009998", "00009999", "00000000", "00000001"]
    records.close()
