"""Reading LevelDB, Caffe's older database and the default of ``data_param { backend }``. Needs the extra `leveldb`."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from netdef.data.databases.records import Records, View
from netdef.errors import FileError, NetdefError

_TABLES = ".sst", ".ldb"
_TABLE_END = 0xDB4775248B80FB57.to_bytes(8, "little")


class LeveldbRecords(Records):
    """A LevelDB, left as it is.

    LevelDB has no way of opening for reading only: it rewrites its log and manifest and takes a lock. So it is given a
    folder of its own with links to the tables, which never change, and copies of the small rest. The number of items is
    known after the first round only.
    """

    def _begin(self) -> None:
        super()._begin()
        self._database: Any = None

    def walk(self) -> Iterator[View]:
        _look(self.path)
        plyvel = load_plyvel()
        try:
            if self._database is None:
                self._folder = tempfile.TemporaryDirectory(prefix="netdef-leveldb-")
                _stand_in(self.path, Path(self._folder.name))
                database = plyvel.DB(self._folder.name, create_if_missing=False)
                _check_tables(Path(self._folder.name), self.path)
                self._database = database
            items = self._database.iterator(verify_checksums=True)
            yield from items
            # plyvel asks what went wrong only where an item follows; a damaged last block would be the end.
            with suppress(StopIteration):
                items.prev()
        except plyvel.Error as error:
            (reason,) = error.args
            reason = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
            reason = reason.replace(self._folder.name, str(self.path))
            raise FileError(f"{self.path}: cannot be read as LevelDB: {reason}") from error

    def close(self) -> None:
        database, self._items = self._database, None
        super().close()
        if database is not None:
            database.close()
            self._folder.cleanup()


def load_plyvel() -> Any:
    """The package for LevelDB. Raises `NetdefError` with how to install it."""
    try:
        import plyvel
    except ImportError as error:
        raise NetdefError(
            "a LevelDB needs the package `plyvel`: pip install 'netdef-dsd[leveldb]'; "
            "or convert the database to LMDB and say `backend: LMDB`"
        ) from error
    return plyvel


def _look(path: Path) -> None:
    if not path.exists():
        raise FileError(f"{path}: No such file or directory")
    if (path / "data.mdb").is_file():
        raise FileError(f"{path}: is an LMDB, not a LevelDB; say `backend: LMDB` (the default is LEVELDB)")
    if not (path / "CURRENT").is_file():
        raise FileError(f"{path}: is no LevelDB: it has no file CURRENT")


def _stand_in(source: Path, target: Path) -> None:
    """A LevelDB folder whose tables are links to those of ``source``."""
    try:
        for file in source.iterdir():
            if file.suffix in _TABLES:
                (target / file.name).symlink_to(file.resolve())
            elif file.name == "CURRENT" or file.suffix == ".log" or file.name.startswith("MANIFEST-"):
                shutil.copyfile(file, target / file.name)
    except OSError as error:
        raise FileError(f"{source}: {error.strerror or error}") from error


def _check_tables(folder: Path, source: Path) -> None:
    """Refuse a table that is cut short: LevelDB passes over it, and says so only where another item follows.

    ``folder`` is the open stand-in of ``source``: files that are no part of the database any more are gone from it.
    """
    for table in folder.iterdir():
        if table.suffix not in _TABLES:
            continue
        with table.open("rb") as file:
            file.seek(max(0, table.stat().st_size - len(_TABLE_END)))
            whole = file.read() == _TABLE_END
        if not whole:
            raise FileError(f"{source / table.name}: is cut short or damaged: a table of a LevelDB ends otherwise")
