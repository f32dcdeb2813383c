"""LMDB or LevelDB, chosen by the files in the folder."""

from __future__ import annotations

from pathlib import Path

import lmdb
import pytest

from netdef.data.databases.leveldb import LeveldbRecords
from netdef.data.databases.lmdb import LmdbRecords
from netdef.data.databases.open import is_database, open_records


def touch(folder: Path, *names: str) -> Path:
    folder.mkdir()
    for name in names:
        (folder / name).touch()
    return folder


def test_the_kind_follows_from_the_files(tmp_path: Path):
    with lmdb.open(str(tmp_path / "lmdb")) as environment, environment.begin(write=True) as transaction:
        transaction.put(b"key", b"value")
    records = open_records(tmp_path / "lmdb")
    assert isinstance(records, LmdbRecords) and records.read(0, 1) == [(b"key", b"value")]
    assert isinstance(open_records(touch(tmp_path / "leveldb", "CURRENT", "MANIFEST-000001")), LeveldbRecords)


@pytest.mark.parametrize(
    "names, expected",
    [
        (("data.mdb",), True),
        (("data.mdb", "lock.mdb"), True),
        (("CURRENT", "000003.log"), True),
        (("data.mdb", "notes.txt"), False),
        (("lock.mdb",), False),
        ((), False),
    ],
)
def test_folders_that_may_be_replaced(tmp_path: Path, names: tuple[str, ...], expected: bool):
    assert is_database(touch(tmp_path / "db", *names)) == expected


def test_files_are_not_replaced(tmp_path: Path):
    (tmp_path / "data.mdb").touch()
    assert not is_database(tmp_path / "data.mdb") and not is_database(tmp_path / "nowhere")
