"""Databases: endless, read-only, and with errors about damage."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import lmdb
import pytest
from forked import holds_in_child

from netdef.data.databases.leveldb import LeveldbRecords
from netdef.data.databases.lmdb import LmdbRecords
from netdef.data.databases.records import Records, key_text
from netdef.errors import FileError

COUNT = 5


def content(path: Path) -> dict[str, tuple[int, bytes]]:
    return {file.name: (file.stat().st_mtime_ns, file.read_bytes()) for file in path.iterdir()}


@pytest.fixture(params=["lmdb", "leveldb"])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Records:
    """Items a..e with values A..E, written in another order."""
    items = [(key.encode(), key.upper().encode()) for key in "cdbae"]
    if request.param == "lmdb":
        with lmdb.open(str(tmp_path / "db"), lock=False) as environment, environment.begin(write=True) as transaction:
            for item in items:
                transaction.put(*item)
        made: Records = LmdbRecords(tmp_path / "db")
    else:
        plyvel = pytest.importorskip("plyvel", reason="needs the extra `leveldb`")
        with plyvel.DB(str(tmp_path / "db"), create_if_missing=True) as database:
            for item in items:
                database.put(*item)
        made = LeveldbRecords(tmp_path / "db")
    yield made
    made.close()


def values(records: Records, start: int, count: int) -> str:
    return b"".join(bytes(value) for _, value in records.read(start, count)).decode()


def test_items_come_in_key_order_and_start_over(records: Records):
    assert values(records, 0, 12) == "ABCDEABCDEAB"
    assert [key_text(item) for item in records.read(12, 2)] == ["c", "d"]


def test_pick_returns_items_by_place(records: Records):
    values(records, 0, 2)
    assert records.count() == COUNT
    assert records.pick([4, 0, 2, 0]) == [(b"e", b"E"), (b"a", b"A"), (b"c", b"C"), (b"a", b"A")]
    assert values(records, 2, 2) == "CD"
    again = pickle.loads(pickle.dumps(records))
    records.close()
    assert records.pick([1]) == again.pick([1]) == [(b"b", b"B")]
    again.close()


@pytest.mark.parametrize("starts", [(3, 0), (0, 7, 2), (12, 13), (4, 4, 1004), (100_003, 1)])
def test_any_place_can_be_read(records: Records, starts: tuple[int, ...]):
    for start in starts:
        assert values(records, start, 3) == "".join("ABCDE"[(start + i) % COUNT] for i in range(3))


def test_two_readers_are_independent(records: Records):
    twin = pickle.loads(pickle.dumps(records))
    assert values(records, 0, 2) == "AB" and values(twin, 0, 4) == "ABCD" and values(records, 2, 2) == "CD"
    twin.close()
    assert values(records, 4, 1) == "E"


def test_reopens_after_close(records: Records):
    values(records, 0, 3)
    records.close()
    assert values(records, 3, 2) == "DE"


def test_nothing_is_written(records: Records):
    before = content(records.path)
    records.read(0, 7)
    records.close()
    assert content(records.path) == before


def test_a_read_only_folder_is_read(records: Records):
    for file in records.path.iterdir():
        file.chmod(0o400)
    records.path.chmod(0o500)
    try:
        assert values(records, 1, 2) == "BC"
    finally:
        records.path.chmod(0o700)


def test_a_missing_database_is_refused(tmp_path: Path):
    for kind in (LmdbRecords, LeveldbRecords):
        with pytest.raises(FileError, match=r"nowhere: No such file or directory"):
            kind(tmp_path / "nowhere").read(0, 1)


def test_wrong_kind_of_database_is_named(records: Records):
    wrong = LeveldbRecords if isinstance(records, LmdbRecords) else LmdbRecords
    said = "backend: LMDB" if isinstance(records, LmdbRecords) else "backend: LEVELDB"
    with pytest.raises(FileError, match=f"db: is an? .*say `{said}`"):
        wrong(records.path).read(0, 1)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_forked_child_continues_reading(records: Records):
    if isinstance(records, LeveldbRecords):
        pytest.skip("LevelDB keeps threads")
    values(records, 0, 2)
    assert holds_in_child(lambda: values(records, 2, 4) == "CDEA")
    assert values(records, 2, 4) == "CDEA"
