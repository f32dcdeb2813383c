"""Open the database at a path, LMDB or LevelDB."""

from __future__ import annotations

from pathlib import Path

from netdef.data.databases.leveldb import LeveldbRecords
from netdef.data.databases.lmdb import LmdbRecords
from netdef.data.databases.records import Records


def open_records(path: Path) -> Records:
    """The records of the LMDB or LevelDB at a path, chosen by the files in it. It is opened at the first read."""
    return (LeveldbRecords if _is_leveldb(path) else LmdbRecords)(path)


def is_database(path: Path) -> bool:
    """Whether the path is a folder that holds an LMDB or a LevelDB and nothing else."""
    if not path.is_dir():
        return False
    return _is_leveldb(path) or {file.name for file in path.iterdir()} in ({"data.mdb"}, {"data.mdb", "lock.mdb"})


def _is_leveldb(path: Path) -> bool:
    return (path / "CURRENT").is_file()
