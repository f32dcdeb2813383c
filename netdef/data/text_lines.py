"""Read lists of images, HDF5 files and windows, in any encoding and with any line ends."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from netdef.errors import FileError, printable

_UTF16 = codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE
_BINARY = {b"\x89HDF\r\n\x1a\n": "an HDF5 file", b"\x89PNG": "an image", b"\xff\xd8\xff": "an image", b"PK\x03\x04": "a zip file"}


class NumberedLine(NamedTuple):
    """A line that is not blank, without the blanks around it, and its number, from 1."""

    number: int
    text: str


def read_text(path: str | os.PathLike[str]) -> str:
    """The text of a list, in UTF-8 or, with a byte order mark, UTF-16; bytes that are neither are kept as surrogates.

    Raises `FileError` for a file that cannot be read or is not text.
    """
    name = os.fspath(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise FileError(f"{name}: {error.strerror or error}") from error
    kind = next((kind for start, kind in _BINARY.items() if data.startswith(start)), "")
    if data.startswith(_UTF16):
        return data.decode("utf-16", "replace")
    if kind or b"\0" in data:
        raise FileError(f"{name}: is {kind or 'no text'}, and a list of files is wanted, one a line")
    return data.decode("utf-8-sig", "surrogateescape")


def read_lines(path: str | os.PathLike[str]) -> list[NumberedLine]:
    """The lines of a list that are not blank; they end in LF, CRLF or CR. Raises `FileError` as `read_text`."""
    text = read_text(path).replace("\r\n", "\n").replace("\r", "\n")
    return [NumberedLine(number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def spellings(name: str) -> list[str]:
    """The file names that a name in a list may mean: itself, and the name with ``/`` for the backslashes of Windows."""
    return [name, name.replace("\\", "/")] if "\\" in name and os.sep != "\\" else [name]


def locate(name: str, places: Iterable[Path], source: Path, hint: str = "") -> Path:
    """Find a file that the list ``source`` names, in the first of ``places`` that has it.

    Raises `FileError`, with a hint at its end, if there is none.
    """
    tried = [place / spelling for spelling in spellings(name) for place in places]
    for file in tried:
        if os.path.isfile(file):  # False for a name too long or with a NUL, where `Path.is_file` raises
            return file
    where = " or ".join(map(printable, dict.fromkeys(map(str, tried))))
    raise FileError(f"{source}: lists `{printable(name)}`, and there is no file {where}{hint}")
