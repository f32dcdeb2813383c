"""The database of Data and AnnotatedData layers."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from netdef.errors import FileError, NetdefError, SpecError

TEXT = "type: 'Data' top: 'd' top: 'l' data_param { source: 'db' batch_size: 2 BACKEND }"


@pytest.mark.parametrize("backend, said", [
    ("backend: LEVELDB", "is an LMDB, not a LevelDB; say `backend: LMDB`"),
    ("", "is an LMDB, not a LevelDB; say `backend: LMDB`"),  # the default is LEVELDB
])
def test_the_backend_chooses_the_kind(
    make_feed: Callable, make_database: Callable, random_images: Callable, backend: str, said: str
):
    make_database(random_images(3, 1, 2, 3))
    assert make_feed(TEXT.replace("BACKEND", "backend: LMDB")).shapes["d"] == (2, 1, 2, 3)
    with pytest.raises(FileError, match=said):
        make_feed(TEXT.replace("BACKEND", backend))


def test_a_missing_source_is_refused_with_its_place(make_feed: Callable):
    with pytest.raises(SpecError) as caught:
        make_feed(TEXT.replace("BACKEND", ""))
    assert caught.value.problems[0].span.text == "source: 'db'"


def test_an_error_names_the_database_and_the_item(make_feed: Callable, make_database: Callable, random_images: Callable):
    path = make_database(random_images(3, 1, 2, 3))
    feed = make_feed(TEXT.replace("BACKEND", "backend: LMDB"))
    with pytest.raises(FileError, match=f"^{path}: item `a.x07` is wrong$"), feed.naming((b"a\x07", b"")):
        raise NetdefError("is wrong")
    with pytest.raises(ValueError, match="^other$"), feed.naming((b"a", b"")):
        raise ValueError("other")


def test_closing_closes_the_database(make_feed: Callable, make_database: Callable, random_images: Callable, tmp_path: Path):
    make_database(random_images(3, 1, 2, 3))
    feed = make_feed(TEXT.replace("BACKEND", "backend: LMDB"))
    first = next(feed)
    feed.close()
    copy = pickle.loads(pickle.dumps(feed))
    for again in (feed, copy):
        again.seek(0)
        assert next(again)["d"].equal(first["d"])
    copy.close()
