"""An LMDB that is empty, damaged, or a single file. Behaviour shared with LevelDB is in `test_records`."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import lmdb
import pytest

from netdef.data.databases.lmdb import LmdbRecords
from netdef.data.databases.records import key_text
from netdef.errors import FileError


def test_an_empty_lmdb_is_refused(tmp_path: Path):
    lmdb.open(str(tmp_path), lock=False).close()
    with pytest.raises(FileError, match="holds no items"):
        LmdbRecords(tmp_path).read(0, 1)


@pytest.mark.parametrize(
    "damage, said",
    [
        (lambda data: data[:0], "the file is empty"),
        (lambda data: data[:100], "is not an LMDB file"),
        (lambda data: b"\xff" * len(data), "is not an LMDB file"),
        (lambda data: data[:8192], "is cut short: it has 8192 bytes"),
        (lambda data: data[:-1], "is cut short"),
        (lambda data: data[:8192] + bytes(len(data) - 8192), "is damaged: page "),
    ],
    ids=["empty", "head", "noise", "metas", "last byte", "blank pages"],
)
def test_a_damaged_lmdb_is_refused(make_database: Callable, random_images: Callable, damage: Callable, said: str):
    path = make_database(random_images(9, 3, 20, 21))
    file = path / "data.mdb"
    file.write_bytes(damage(file.read_bytes()))
    records = LmdbRecords(path)
    for _ in range(2):
        with pytest.raises(FileError, match=said) as caught:
            records.read(0, 9)
        assert str(caught.value).startswith(str(path))


def test_a_single_file_is_a_database_too(make_database: Callable, random_images: Callable, tmp_path: Path):
    path = make_database(random_images(2, 1, 2, 3))
    shutil.copyfile(path / "data.mdb", tmp_path / "alone.mdb")
    assert [key_text(item) for item in LmdbRecords(tmp_path / "alone.mdb").read(0, 2)] == ["00000000", "00000001"]
