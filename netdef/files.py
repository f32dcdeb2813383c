"""Write files atomically: complete, or not at all."""

from __future__ import annotations

import errno
import os
import re
import shutil
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any, TypeVar, cast

from netdef.errors import FileError

if TYPE_CHECKING:
    import h5py

_HDF5_OBJECT = 4096  # bytes; a group of one data set takes about 1,400 beside its values
_TEMPORARY = re.compile(r".*\.(?P<host>[\w-]*)\.(?P<pid>\d+)\.tmp")


_Item = TypeVar("_Item", bound="str | os.PathLike[str]")


def one_or_more(given: _Item | Iterable[_Item], what: str) -> tuple[_Item, ...]:
    """The items given, of which a single one needs no list. Raises TypeError, which calls them ``what``, for anything else."""
    if isinstance(given, (str, os.PathLike)):
        return (cast("_Item", given),)
    if isinstance(given, Mapping) or not isinstance(given, Iterable):
        raise TypeError(f"{what} wanted, one or a list, not {type(given).__name__}")
    return tuple(given)


@contextmanager
def atomic_write(path: str | os.PathLike[str], mode: str = "wb") -> Iterator[IO[Any]]:
    """Write a new file that replaces ``path`` when the block ends; after an exception it is deleted.

    Yields the open temporary file, which is beside ``path``; libraries that open files by name can use its ``name``. The
    contents are on the disk before the file gets its name, so a crash at any moment leaves the old file or the new one.
    A link is followed, not replaced. Raises `FileError` for what the operating system refuses: no such folder, no
    permission, disk full.
    """
    target = os.path.realpath(path)
    try:
        temporary = temporary_beside(target)
        try:
            with open(temporary, mode) as file:
                permissions = os.fstat(file.fileno()).st_mode & 0o777
                yield file
            # By name: a library may have replaced the file by one that only its owner can read.
            os.chmod(temporary, permissions)
            with open(temporary, "rb") as written:
                os.fsync(written.fileno())
            os.replace(temporary, target)
        except BaseException:
            if os.path.exists(temporary):
                os.unlink(temporary)
            raise
        _sync_folder(os.path.dirname(target))
    except OSError as error:
        raise FileError(f"{os.fspath(path)}: cannot be written: {error.strerror or error}") from error


def temporary_beside(target: str | os.PathLike[str]) -> str:
    """A path for the contents of ``target`` while they are written. Leftovers of killed processes at such paths are deleted.

    Raises OSError if the folder cannot be read.
    """
    remove_leftovers(f"{os.fspath(target)}.")
    return f"{os.fspath(target)}.{_host()}.{os.getpid()}.tmp"


def remove_leftovers(start: str, any_host: bool = False) -> None:
    """Delete the temporary files and folders whose paths begin with ``start``, of processes of this host that are gone.

    With ``any_host`` those of other hosts, too: only for a caller who knows that no other process writes such files.
    """
    folder, name = os.path.split(start)
    for found in os.listdir(folder or "."):
        if not found.startswith(name) or not (made := _TEMPORARY.fullmatch(found)):
            continue
        if any_host or (made["host"] == _host() and not _alive(int(made["pid"]))):
            path = os.path.join(folder, found)
            if os.path.isdir(path):
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(FileNotFoundError):  # another process may do the same
                    os.unlink(path)


def _host() -> str:
    """The name of this machine without its domain, as a part of a file's name."""
    return re.sub(r"[^\w-]", "_", socket.gethostname().partition(".")[0])


def _alive(pid: int) -> bool:
    """Whether another process of this host has this number; True if the system does not say."""
    if pid == os.getpid():  # a leftover of an earlier process: numbers are used again, often the same in containers
        return False
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # a process of another user
        pass
    return True


def refuse_existing(path: str | os.PathLike[str] | None, force: bool) -> None:
    """Raise `FileError` if the file or folder exists and --force is absent. Call it before the work."""
    if path is not None and not force and os.path.exists(path):
        raise FileError(f"{os.fspath(path)}: already exists; --force replaces it")


def check_target(path: str | os.PathLike[str] | None, force: bool) -> None:
    """Raise `FileError` as `refuse_existing`, and for a path that cannot be written: a folder, or one in no folder."""
    if path is None:
        return
    name = os.fspath(path)
    if os.path.isdir(path):
        raise FileError(f"{name}: is a folder; name a file in it")
    refuse_existing(path, force)
    folder = os.path.dirname(os.path.realpath(path))
    reason = None if os.path.isdir(folder) else errno.ENOTDIR if os.path.exists(folder) else errno.ENOENT
    if reason is None and not os.access(folder, os.W_OK | os.X_OK):
        reason = errno.EACCES
    if reason is not None:
        raise FileError(f"{name}: cannot be written: {os.strerror(reason)}")


@contextmanager
def atomic_hdf5(path: str | os.PathLike[str], values: int, objects: int) -> Iterator[h5py.File]:
    """`atomic_write` for an HDF5 file with this many bytes of ``values`` in this many groups and data sets.

    libhdf5 ends the process when the disk is full, so room for the whole file is reserved before it writes.
    """
    import h5py

    room = values + (objects + 4) * _HDF5_OBJECT
    with atomic_write(path) as handle:
        _reserve(handle, room)
        with h5py.File(handle.name, "w") as file:
            _reserve(handle, room)  # opening the file released it
            yield file
            file.flush()
            end = file.id.get_filesize()
        handle.truncate(end)


def _reserve(file: IO[Any], size: int) -> None:
    """Reserve room on the disk, where the system can. Raises OSError if there is too little."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), 0, size)


def _sync_folder(folder: str) -> None:
    """Write the new name itself to the disk, where folders can be opened (not on Windows)."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
