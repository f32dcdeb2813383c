"""Which kind of database lies at a path."""

from __future__ import annotations

from pathlib import Path

from netdef.data.databases.leveldb import LeveldbRecords
from netdef.data.databases.lmdb import LmdbRecords
from netdef.data.databases.records import Records


def open_records(path: Path) -> Records:
    """The database of either kind at a path, by the files in it. Opens at the first read."""
    return (LeveldbRecords if _is_leveldb(path) else LmdbRecords)(path)


def is_database(path: Path) -> bool:
    """Whether an LMDB or a LevelDB, and nothing else, lies there."""
    if not path.is_dir():
        return False
    return _is_leveldb(path) or {file.name for file in path.iterdir()} in ({"data.mdb"}, {"data.mdb", "lock.mdb"})


def _is_leveldb(path: Path) -> bool:
    return (path / "CURRENT").is_file()
