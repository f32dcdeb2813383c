"""LMDB and LevelDB folders as they are written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import lmdb
import pytest

from netdef.data.databases.open import open_records
from netdef.data.databases.stores import LeveldbStore, LmdbStore, Store
from netdef.errors import NetdefError


@pytest.fixture(params=["LMDB", "LEVELDB"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "LEVELDB":
        pytest.importorskip("plyvel", reason="needs the extra `leveldb`")
    made = (LmdbStore if request.param == "LMDB" else LeveldbStore)(tmp_path / "db")
    yield made
    made.close()


def items(path: Path) -> list[tuple[bytes, bytes]]:
    records = open_records(path)
    found = [(bytes(key), bytes(value)) for key, value in records.walk()]
    records.close()
    return found


def test_items_in_any_order_are_read_by_key(store: Store, tmp_path: Path):
    store.put([(b"m", b"1"), (b"b", b"2")])
    store.put([(b"z", b"3"), (b"c", b"4")])
    store.finish()
    store.close()
    store.close()
    assert items(tmp_path / "db") == [(b"b", b"2"), (b"c", b"4"), (b"m", b"1"), (b"z", b"3")]


@pytest.mark.parametrize("pieces", [["aa"], ["ab", "a"], ["ab", "ca"], ["b", "aa"]])
def test_a_key_twice_is_refused(store: Store, pieces: list[str]):
    with pytest.raises(NetdefError, match="two items have the key `a`"):
        for piece in pieces:
            store.put([(key.encode(), b"value") for key in piece])


def test_an_lmdb_grows_as_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    real = lmdb.open
    monkeypatch.setattr(lmdb, "open", lambda *args, map_size=0, **kwargs: real(*args, map_size=1 << 16, **kwargs))
    store = LmdbStore(tmp_path / "db")
    for number in range(8):
        store.put([(b"%d%d" % (number, i), bytes([i]) * 20_000) for i in range(5)])
    store.finish()
    store.close()
    monkeypatch.undo()
    assert items(tmp_path / "db") == [(b"%d%d" % (n, i), bytes([i]) * 20_000) for n in range(8) for i in range(5)]
    assert (tmp_path / "db" / "data.mdb").stat().st_size < 40 * 20_000 * 1.3


def test_a_folder_that_cannot_be_made_is_an_os_error(store: Store, tmp_path: Path):
    with pytest.raises(OSError, match="nowhere"):
        type(store)(tmp_path / "nowhere" / "db")


def test_a_key_that_lmdb_refuses_is_an_os_error(tmp_path: Path):
    store = LmdbStore(tmp_path / "db")
    with pytest.raises(OSError, match="MDB_BAD_VALSIZE"):
        store.put([(b"k" * 600, b"value")])
    store.close()
