"""Databases are complete or absent, and read as they were written."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import lmdb
import numpy as np
import pytest

import netdef.data.databases.datum_writer
from netdef.data.databases.datum_writer import DatumWriter, write_images
from netdef.data.databases.leveldb import LeveldbRecords
from netdef.data.databases.lmdb import LmdbRecords
from netdef.data.databases.open import is_database, open_records
from netdef.data.databases.records import key_text
from netdef.data.images.datum import datum_array, parse_datum
from netdef.errors import FileError
from netdef.schema.messages import Datum


def test_what_is_written_is_read(make_database: Callable, random_images: Callable):
    images = random_images(12, 2, 3, 5)
    path = make_database(images)
    items = LmdbRecords(path).read(0, 12)
    assert [key_text(item) for item in items] == [f"{i:08}" for i in range(12)]
    for label, (item, image) in enumerate(zip(items, images)):
        datum = parse_datum(item[1])
        assert datum.label == label
        np.testing.assert_array_equal(datum_array(datum), image)
    assert [file.name for file in path.iterdir()] == ["data.mdb"]


def test_keys_may_be_given_in_any_order(tmp_path: Path):
    with DatumWriter(tmp_path / "db") as writer:
        for label, key in enumerate(["m", "b", "z", "c"]):
            writer.add(Datum(label=label), key)
    assert [key_text(item) for item in LmdbRecords(tmp_path / "db").read(0, 4)] == ["b", "c", "m", "z"]


@pytest.mark.parametrize("keys", ["aa", "aba"])
def test_a_key_twice_is_refused_and_leaves_nothing(tmp_path: Path, keys: str):
    with pytest.raises(FileError, match="two items have the key `a`"):
        with DatumWriter(tmp_path / "db") as writer:
            for key in keys:
                writer.add(Datum(), key)
    assert not list(tmp_path.iterdir())


def test_a_failure_leaves_nothing(tmp_path: Path):
    with pytest.raises(KeyError):
        with DatumWriter(tmp_path / "db") as writer:
            writer.add(Datum(label=1))
            raise KeyError
    assert not list(tmp_path.iterdir())


def test_nothing_is_overwritten(make_database: Callable, random_images: Callable):
    path = make_database(random_images(1, 1, 2, 3))
    with pytest.raises(FileError, match="db: is there already"):
        DatumWriter(path)


def test_replace_replaces_a_database(
    make_database: Callable, random_images: Callable, tmp_path: Path
):
    path = make_database(random_images(2, 1, 2, 3))
    with pytest.raises(KeyError), DatumWriter(path, replace=True):
        raise KeyError
    assert len(list(LmdbRecords(path).walk())) == 2
    with DatumWriter(path, replace=True) as writer:
        writer.add(Datum(label=7))
    assert [file.name for file in tmp_path.iterdir()] == ["db"]
    with lmdb.open(str(path), readonly=True, lock=False) as environment:
        assert environment.stat()["entries"] == 1
    (path / "notes.txt").write_text("mine")
    with pytest.raises(FileError, match="is no database, and is not replaced"):
        DatumWriter(path, replace=True)


def test_a_killed_writer_loses_no_database(make_database: Callable, random_images: Callable, tmp_path: Path):
    path = make_database(random_images(2, 1, 2, 3))
    path.rename(tmp_path / "db.7.old")  # killed between the two steps of replacing it
    with pytest.raises(FileError, match="db: is there already"):
        DatumWriter(path)
    assert len(list(LmdbRecords(path).walk())) == 2
    code = (
        "import os, signal, sys\nfrom netdef.data.databases.datum_writer import DatumWriter\n"
        "with DatumWriter(sys.argv[1], replace=True):\n    os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], cwd=Path(__file__).parents[4])
    assert len(list(tmp_path.iterdir())) == 2
    with DatumWriter(path, replace=True) as writer:
        writer.add(Datum(label=7))
    assert [file.name for file in tmp_path.iterdir()] == ["db"]


def test_a_leveldb_is_read_as_it_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("plyvel", reason="needs the extra `leveldb`")
    monkeypatch.setattr(netdef.data.databases.datum_writer, "_PIECE", 30)
    with DatumWriter(tmp_path / "db", "LEVELDB") as writer:
        for label, key in enumerate("mbzca"):
            writer.add(Datum(data=b"x" * 20, label=label), key)
    records = open_records(tmp_path / "db")
    assert isinstance(records, LeveldbRecords) and is_database(tmp_path / "db")
    assert [(key_text(item), parse_datum(item[1]).label) for item in records.read(0, 5)] == [
        ("a", 4), ("b", 1), ("c", 3), ("m", 0), ("z", 2)
    ]  # fmt: skip
    records.close()
    for keys in ("aa", "aba"):
        with (
            pytest.raises(FileError, match="two items have the key `a`"),
            DatumWriter(tmp_path / "x", "LEVELDB") as writer,
        ):
            for key in keys:
                writer.add(Datum(data=b"x" * 20), key)
    assert [file.name for file in tmp_path.iterdir()] == ["db"]


def test_a_missing_folder_is_refused(tmp_path: Path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "nowhere"):
        with pytest.raises(FileError, match=f"db: cannot be written: there is no folder {folder}$"):
            DatumWriter(folder / "db")


def test_images_become_raw_datums_in_their_order(tmp_path: Path, random_images: Callable):
    images = random_images(5, 3, 4, 6)
    assert write_images(tmp_path / "db", zip(images, [7, 0, -1, 2, 2])) == 5
    datums = [parse_datum(value) for _, value in LmdbRecords(tmp_path / "db").read(0, 5)]
    assert [datum.label for datum in datums] == [7, 0, -1, 2, 2]
    for datum, image in zip(datums, images):
        np.testing.assert_array_equal(datum_array(datum), image)
