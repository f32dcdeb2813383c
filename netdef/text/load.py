"""Load a text file, or say what the file is instead."""

from __future__ import annotations

import os
import re
from pathlib import Path

from netdef.errors import FileError
from netdef.source import Source

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")


def load_source(path: str | os.PathLike[str]) -> Source:
    """The text of a prototxt file, UTF-8 with or without a byte order mark.

    Other bytes above ASCII become U+FFFD, which the parser accepts in comments and refuses in strings. Raises `FileError`
    for a file that cannot be read or is no text.
    """
    name = os.fspath(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise FileError(f"{name}: cannot be read: {error.strerror or error}") from error
    if _is_utf16(data):
        raise FileError(f"{name}: is text in UTF-16; save it as UTF-8")
    if control := _CONTROL.search(data):
        raise FileError(
            f"{name}: is not text: byte {control.start()} is 0x{control[0][0]:02x}; a prototxt is wanted here, not a file of "
            "weights (`dsd-convert FILE` lists what one holds) or a database (`dsd-data show FILE`)"
        )
    if data.startswith(b"version https://git-lfs"):
        raise FileError(f"{name}: is a Git LFS pointer, not the file itself; fetch it with `git lfs pull`")
    if data[:200].lstrip().lower().startswith((b"<!doctype", b"<html")):
        raise FileError(f"{name}: is a web page, not a prototxt; the download went wrong")
    return Source(name, data.decode("utf-8-sig", errors="replace"))


def _is_utf16(data: bytes) -> bool:
    """Whether data is UTF-16: by its mark, or because one half of the bytes is mostly zero and the other half text."""
    halves = (data[::2], data[1::2]), (data[1::2], data[::2])
    return data.startswith(_UTF16) or any(
        2 * high.count(0) > len(high) and not _CONTROL.search(low) for low, high in halves
    )
