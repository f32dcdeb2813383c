"""Load a text file, or describe what the file is instead."""

from __future__ import annotations

import os
import re
from pathlib import Path

from netdef.errors import FileError
from netdef.source import Source
from netdef.text.other_files import binary_kind, kind_text, shows_weights, text_kind

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MARK = "\ufeff"  # a byte order mark
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")


def load_source(path: str | os.PathLike[str]) -> Source:
    """The text of a prototxt file, UTF-8 with or without a byte order mark.

    Other bytes above ASCII become U+FFFD, which the parser accepts in comments and refuses in strings. Raises `FileError`
    for a file that cannot be read, is no text, or is plainly another kind of text.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"the path of a file is wanted, not {type(path).__name__}; `netdef.loads` takes a text")
    name = os.fspath(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        if "\n" in name or "{" in name:
            raise FileError("a text is given where the path of a file is wanted; `netdef.loads` takes a text") from None
        raise FileError(f"{name}: cannot be read: {error.strerror or error}") from error
    if _is_utf16(data):
        raise FileError(f"{name}: is text in UTF-16; save it as UTF-8")
    if control := _CONTROL.search(data):
        if kind := binary_kind(name, data):
            raise FileError(f"{name}: {kind_text(kind, 'a prototxt')}")
        raise FileError(
            f"{name}: is not text: byte {control.start()} is 0x{control[0][0]:02x}; a prototxt is wanted here, not a file of "
            "weights (`dsd-convert FILE` lists what one holds) or a database (`dsd-data show FILE`)")
    return text_source(data.decode("utf-8", errors="replace"), name)


def may_hold_weights(path: str | os.PathLike[str]) -> bool:
    """Whether a file is binary and of no other known kind than weights, by its first bytes."""
    try:
        with open(path, "rb") as file:
            start = file.read(4096)
    except OSError:
        return False
    if not _CONTROL.search(start) or _is_utf16(start):
        return False
    kind = binary_kind(os.fspath(path), start)
    return kind is None or shows_weights(kind)


def text_source(text: str, name: str) -> Source:
    """A text in memory, without its byte order mark. Raises `FileError` if it is plainly another kind of text."""
    if not isinstance(text, str):
        raise TypeError(f"a text (str) is wanted, not {type(text).__name__}; `netdef.load` takes the path of a file")
    text = text.removeprefix(_MARK)
    if kind := text_kind(text):
        raise FileError(f"{name}: {kind_text(kind, 'a prototxt')}")
    return Source(name, text)


def _is_utf16(data: bytes) -> bool:
    """Whether data is UTF-16: by its mark, or because one half of the bytes is mostly zero and the other half text."""
    halves = (data[::2], data[1::2]), (data[1::2], data[::2])
    return data.startswith(_UTF16) or any(
        2 * high.count(0) > len(high) and not _CONTROL.search(low) for low, high in halves
    )
