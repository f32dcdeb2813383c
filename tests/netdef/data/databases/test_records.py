"""Databases: round and round, read-only, and clear about damage."""

from __future__ import annotations

import os
import pickle
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import lmdb
import pytest
from oracle import shared

from netdef.data.databases.leveldb import LeveldbRecords
from netdef.data.databases.lmdb import LmdbRecords
from netdef.data.databases.records import Records, key_text
from netdef.errors import FileError, NetdefError

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


def test_items_come_in_key_order_round_and_round(records: Records):
    assert values(records, 0, 12) == "ABCDEABCDEAB"
    assert [key_text(item) for item in records.read(12, 2)] == ["c", "d"]


def test_items_by_their_places(records: Records):
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


def test_two_readers_of_one_database(records: Records):
    twin = pickle.loads(pickle.dumps(records))
    assert values(records, 0, 2) == "AB" and values(twin, 0, 4) == "ABCD" and values(records, 2, 2) == "CD"
    twin.close()
    assert values(records, 4, 1) == "E"


def test_closed_and_opened_again(records: Records):
    values(records, 0, 3)
    records.close()
    assert values(records, 3, 2) == "DE"


def test_nothing_is_written(records: Records):
    before = content(records.path)
    records.read(0, 7)
    records.close()
    assert content(records.path) == before


def test_a_folder_that_cannot_be_written(records: Records):
    for file in records.path.iterdir():
        file.chmod(0o400)
    records.path.chmod(0o500)
    try:
        assert values(records, 1, 2) == "BC"
    finally:
        records.path.chmod(0o700)


def test_no_such_database(tmp_path: Path):
    for kind in (LmdbRecords, LeveldbRecords):
        with pytest.raises(FileError, match=r"nowhere: No such file or directory"):
            kind(tmp_path / "nowhere").read(0, 1)


def test_one_kind_taken_for_the_other(records: Records):
    wrong = LeveldbRecords if isinstance(records, LmdbRecords) else LmdbRecords
    said = "backend: LMDB" if isinstance(records, LmdbRecords) else "backend: LEVELDB"
    with pytest.raises(FileError, match=f"db: is an? .*say `{said}`"):
        wrong(records.path).read(0, 1)


def test_an_empty_lmdb(tmp_path: Path):
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


PAGE = 4096
LEAF, BRANCH, OVERFLOW = 2, 1, 4


def pages_of(data: bytes, kind: int) -> list[int]:
    """Where the pages of a kind begin. Bytes 10 and 11 of a page are its kind, 16 and on the places of its nodes."""
    return [at for at in range(2 * PAGE, len(data), PAGE)
            if data[at : at + 8] == (at // PAGE).to_bytes(8, "little") and data[at + 10 : at + 12] == bytes([kind, 0])]


def put(data: bytes, at: int, number: int, size: int = 2) -> bytes:
    return data[:at] + number.to_bytes(size, "little") + data[at + size :]


def node(data: bytes, page: int, index: int = 0) -> int:
    return page + int.from_bytes(data[page + 16 + 2 * index : page + 18 + 2 * index], "little")


@pytest.mark.parametrize(
    "kind, damage",
    [
        (LEAF, lambda data, page: put(data, page + 10, BRANCH)),
        (LEAF, lambda data, page: put(data, page + 10, 0)),
        (LEAF, lambda data, page: put(data, page, 3, 8)),  # the page says it is another
        (LEAF, lambda data, page: put(data, page + 12, 0)),  # no nodes
        (LEAF, lambda data, page: put(data, page + 12, PAGE + 16)),  # more nodes than there is room
        (LEAF, lambda data, page: put(data, page + 16, PAGE - 4)),  # a node at the end of the page
        (LEAF, lambda data, page: put(data, page + 16, 2)),  # a node in the page's head
        (LEAF, lambda data, page: put(data, node(data, page) + 6, PAGE)),  # a key beyond the page
        (LEAF, lambda data, page: put(data, node(data, page) + 2, 9)),  # a value of 576 KiB
        (LEAF, lambda data, page: put(data, node(data, page) + 16, 10**6, 8)),  # a value in a page that is not there
        (LEAF, lambda data, page: put(data, node(data, page) + 16, 2**63 - 1, 8)),
        (BRANCH, lambda data, page: put(data, page + 10, LEAF)),
        (BRANCH, lambda data, page: put(data, page + 12, 18)),  # one child
        (BRANCH, lambda data, page: put(data, node(data, page, 1), page // PAGE)),  # its own child
        (BRANCH, lambda data, page: put(data, node(data, page, 1) + 4, 9)),  # a child beyond the end
        (OVERFLOW, lambda data, page: put(data, page + 10, LEAF)),
        (OVERFLOW, lambda data, page: put(data, page + 12, 1, 4)),  # fewer pages than the value takes
    ],
)
def test_damaged_pages_of_an_lmdb_do_not_end_the_process(
    make_database: Callable, random_images: Callable, kind: int, damage: Callable
):
    """liblmdb trusts the pages: over some of these it calls abort(), over others it reads what is not there."""
    path = make_database(random_images(300, 3, 50, 51))
    file = path / "data.mdb"
    whole = file.read_bytes()
    file.write_bytes(damage(whole, pages_of(whole, kind)[-1]))
    child = os.fork()
    if not child:
        try:
            LmdbRecords(path).read(0, 301)
        except FileError as error:
            os._exit(0 if str(error).startswith(f"{path}: is damaged: page ") else 2)
        os._exit(3)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_an_lmdb_that_lost_items_is_refused(make_database: Callable, random_images: Callable):
    path = make_database(random_images(30, 1, 4, 5))
    file = path / "data.mdb"
    data = file.read_bytes()
    (leaf,) = pages_of(data, LEAF)
    file.write_bytes(put(data, leaf + 12, 16 + 2 * 20))
    with pytest.raises(FileError, match="is damaged: it holds 20 items and should hold 30"):
        LmdbRecords(path).read(0, 30)


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
def test_a_damaged_table_at_the_end_of_a_leveldb_is_not_its_end(tmp_path: Path, tables: int, damage: Callable):
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


def test_leveldb_without_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "CURRENT").write_text("MANIFEST-000001\n")
    monkeypatch.setitem(sys.modules, "plyvel", None)
    with pytest.raises(NetdefError, match=r"netdef-dsd\[leveldb\]"):
        LeveldbRecords(tmp_path).read(0, 1)


def test_caffes_own_leveldb():
    pytest.importorskip("plyvel", reason="needs the extra `leveldb`")
    records = LeveldbRecords(shared("data/mnist_leveldb/mnist-test-leveldb"))
    assert [key_text(item) for item in records.read(9_998, 4)] == ["00009998", "00009999", "00000000", "00000001"]
    records.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_reads_on(records: Records):
    if isinstance(records, LeveldbRecords):
        pytest.skip("LevelDB keeps threads")
    values(records, 0, 2)
    child = os.fork()
    if not child:
        os._exit(values(records, 2, 4) != "CDEA")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert values(records, 2, 4) == "CDEA"


def test_a_single_file_is_a_database_too(make_database: Callable, random_images: Callable, tmp_path: Path):
    path = make_database(random_images(2, 1, 2, 3))
    shutil.copyfile(path / "data.mdb", tmp_path / "alone.mdb")
    assert [key_text(item) for item in LmdbRecords(tmp_path / "alone.mdb").read(0, 2)] == ["00000000", "00000001"]
