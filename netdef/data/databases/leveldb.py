"""Read LevelDB, Caffe's older database and the default of ``data_param { backend }``. Needs the extra `leveldb`."""

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
    """A LevelDB, read without changing any of its files.

    LevelDB cannot open for reading only: it rewrites its log and manifest and takes a lock. So a temporary folder with
    links to the tables, which never change, and copies of the other, small files is opened in its place. The number of
    items is known after the first round only.
    """

    def _begin(self) -> None:
        super()._begin()
        self._database: Any = None

    def walk(self) -> Iterator[View]:
        _check_kind(self.path)
        plyvel = load_plyvel()
        try:
            if self._database is None:
                self._folder = tempfile.TemporaryDirectory(prefix="netdef-leveldb-")
                _link(self.path, Path(self._folder.name))
                database = plyvel.DB(self._folder.name, create_if_missing=False)
                _check_tables(Path(self._folder.name), self.path)
                self._database = database
            items = self._database.iterator(verify_checksums=True)
            yield from items
            # plyvel reports errors only where another item follows; a damaged last block would look like the end.
            with suppress(StopIteration):
                items.prev()
        except plyvel.Error as error:
            raise self._unread(error) from error

    def value(self, key: bytes) -> bytes:
        try:
            found = self._database.get(key, verify_checksums=True)
        except load_plyvel().Error as error:
            raise self._unread(error) from error
        if found is None:
            raise self.gone(key)
        return found

    def _unread(self, error: Exception) -> FileError:
        (reason,) = error.args
        reason = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
        reason = reason.replace(self._folder.name, str(self.path))
        return FileError(f"{self.path}: cannot be read as LevelDB: {reason}")

    def close(self) -> None:
        database, self._items = self._database, None
        super().close()
        if database is not None:
            database.close()
            self._folder.cleanup()


def load_plyvel() -> Any:
    """Import plyvel, the package for LevelDB. Raises `NetdefError` with how to install it."""
    try:
        import plyvel
    except ImportError as error:
        raise NetdefError(
            "a LevelDB needs the package `plyvel`: pip install 'netdef-dsd[leveldb]'; "
            "or convert the database to LMDB and say `backend: LMDB`"
        ) from error
    return plyvel


def _check_kind(path: Path) -> None:
    """Raise `FileError` unless the path is a LevelDB."""
    if not path.exists():
        raise FileError(f"{path}: No such file or directory")
    if (path / "data.mdb").is_file():
        raise FileError(f"{path}: is an LMDB, not a LevelDB; say `backend: LMDB` (the default is LEVELDB)")
    if not (path / "CURRENT").is_file():
        raise FileError(f"{path}: is no LevelDB: it has no file CURRENT")


def _link(source: Path, target: Path) -> None:
    """Make ``target`` a LevelDB folder with links to the tables of ``source`` and copies of its other files."""
    try:
        for file in source.iterdir():
            if file.suffix in _TABLES:
                (target / file.name).symlink_to(file.resolve())
            elif file.name == "CURRENT" or file.suffix == ".log" or file.name.startswith("MANIFEST-"):
                shutil.copyfile(file, target / file.name)
    except OSError as error:
        raise FileError(f"{source}: {error.strerror or error}") from error


def _check_tables(folder: Path, source: Path) -> None:
    """Refuse a table that is cut short: LevelDB skips it, and says so only where another item follows.

    ``folder`` is opened in place of ``source``: LevelDB has removed the files that no longer belong to the database.
    """
    for table in folder.iterdir():
        if table.suffix not in _TABLES:
            continue
        with table.open("rb") as file:
            file.seek(max(0, table.stat().st_size - len(_TABLE_END)))
            whole = file.read() == _TABLE_END
        if not whole:
            raise FileError(f"{source / table.name}: is cut short or damaged: a table of a LevelDB ends otherwise")
