"""Databases of scripts of Python 2."""

from __future__ import annotations

from pathlib import Path

import lmdb as todays_lmdb

from dsd.pycaffe.python2 import lmdb_keys

lmdb = lmdb_keys.module()


def test_keys_are_text_and_values_bytes(tmp_path: Path):
    environment = lmdb.open(str(tmp_path), map_size=2**20)
    with environment.begin(write=True) as transaction:
        assert transaction.put("00000001", "text") and transaction.put("0\xe9", b"\xff")
    transaction = environment.begin()
    assert transaction.get("00000001") == b"text" and transaction.get("absent") is None
    cursor = transaction.cursor()
    assert list(cursor) == [("00000001", b"text"), ("0é", b"\xff")]
    assert list(cursor.iternext(values=False)) == ["00000001", "0é"]
    assert cursor.first() and cursor.key() == "00000001" and next(cursor) is True and cursor.item() == ("0é", b"\xff")
    assert next(cursor) is False and cursor.set_key("00000001") and cursor.value() == b"text"
    assert environment.stat()["entries"] == 2
    environment.close()
    with todays_lmdb.open(str(tmp_path), readonly=True) as written, written.begin() as transaction:
        assert transaction.get("0é".encode()) == b"\xff"


def test_other_names_are_those_of_today():
    assert lmdb.MapFullError is todays_lmdb.MapFullError and not hasattr(lmdb, "__file__")


def test_an_environment_of_several_databases(tmp_path: Path):
    with lmdb.Environment(str(tmp_path), max_dbs=1) as environment:
        database = environment.open_db("inner")
        with environment.begin(write=True, db=database) as transaction:
            transaction.put("a", "b")
            assert transaction.delete("a") and transaction.stat(database)["entries"] == 0
