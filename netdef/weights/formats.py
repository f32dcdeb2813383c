"""Which kind of weight file a path is: to read, by what the file holds; to write, by the ending."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

from netdef.errors import FileError
from netdef.weights import caffemodel, hdf5, safetensors

_ENDINGS = {".caffemodel": caffemodel, ".h5": hdf5, ".hdf5": hdf5, ".safetensors": safetensors}
_HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_TEXT = frozenset(range(0x20, 0x7F)) | set(b"\t\n\r\f") | set(range(0x80, 0x100))


def format_to_read(path: str | os.PathLike[str]) -> ModuleType:
    """The module whose ``read`` takes this file. Raises `FileError` for what is plainly no file of weights."""
    name = os.fspath(path)
    if os.path.isdir(path):
        raise FileError(f"{name}: is a folder; a file of weights is wanted")
    try:
        with open(path, "rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise FileError(f"{name}: cannot be read: {error.strerror}") from error
    if not start:
        raise FileError(f"{name}: is empty")
    if start.startswith(_HDF5_SIGNATURE):
        return hdf5
    if start[8:9] == b"{" and int.from_bytes(start[:8], "little") <= os.path.getsize(path):  # a length, then JSON
        return safetensors
    if start.startswith(b"PK\x03\x04"):
        raise FileError(f"{name}: is a zip archive (torch.save makes such files); give a {_allowed()} file")
    if _TEXT.issuperset(start):
        raise FileError(f"{name}: {_describe_text(start)}")
    found = _ENDINGS.get(Path(path).suffix, caffemodel)
    if found is hdf5:
        raise FileError(f"{name}: is named as an HDF5 file and does not begin as one")
    return found


def _describe_text(start: bytes) -> str:
    text = start.lstrip().lower()
    if text.startswith(b"version https://git-lfs"):
        return "is a Git LFS pointer, not the weights themselves; fetch them with `git lfs pull`"
    if text.startswith((b"<!doctype", b"<html")) or b"<html" in text:
        return "is a web page, not the weights; the download went wrong"
    return "is text, not weights; is it the prototxt?"


def format_to_write(path: str | os.PathLike[str]) -> ModuleType:
    """The module whose ``write`` makes this kind of file. Raises `FileError` for an unknown ending."""
    found = _ENDINGS.get(Path(path).suffix)
    if found is None:
        raise FileError(f"{os.fspath(path)}: a file of weights ends in {_allowed()}")
    return found


def _allowed() -> str:
    *others, last = _ENDINGS
    return f"{', '.join(others)} or {last}"
