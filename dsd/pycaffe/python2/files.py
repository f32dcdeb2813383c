"""Files of Python 2, where text and bytes are the same.

Text stands for its UTF-8 bytes, and lone surrogates in it for bytes that are not UTF-8, as `as_bytes` and `as_text` convert.
"""

from __future__ import annotations

import io
import pickle
import tempfile
from collections.abc import Iterator
from typing import IO, Any


def as_bytes(text: Any) -> Any:
    """The bytes of text, such as a file opened as text has; anything else as it is."""
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text


def as_text(data: Any) -> Any:
    """The text of bytes; anything else as it is."""
    return data.decode("utf-8", "surrogateescape") if isinstance(data, bytes) else data


def load(file: IO[Any]) -> Any:
    """`pickle.load` of a file of Python 2, which may have been opened as text."""
    return pickle.load(getattr(file, "buffer", file), encoding="latin1")


def loads(data: bytes | str) -> Any:
    """`pickle.loads` of what Python 2 has dumped."""
    return pickle.loads(as_bytes(data), encoding="latin1")


def dump(value: object, file: IO[Any], protocol: int = 2) -> None:
    """`pickle.dump` to a file, which may have been opened as text."""
    pickle.dump(value, getattr(file, "buffer", file), protocol)


class _BinaryFile(io.BufferedWriter):
    """A binary file whose ``write`` also accepts text."""

    def write(self, value: Any) -> int:
        return super().write(as_bytes(value))


class _TextFile(io.TextIOWrapper):
    """A text file whose ``write`` also accepts bytes."""

    def write(self, value: Any) -> int:
        if isinstance(value, str):
            return super().write(value)
        self.flush()
        written = self.buffer.write(value)
        assert isinstance(written, int)
        return written


def open_file(name: Any, mode: str = "r", buffering: int = -1) -> IO[Any]:
    """``open`` of Python 2."""
    if mode.replace("b", "") in ("w", "a"):
        binary = _BinaryFile(io.FileIO(name, mode.replace("b", "")))
        return binary if "b" in mode else _TextFile(binary, "utf-8", "surrogateescape", newline="\n", write_through=True)
    if "b" in mode:
        return open(name, mode)
    newline = None if "U" in mode else "\n"
    return open(name, mode.replace("U", ""), encoding="utf-8", errors="surrogateescape", newline=newline)


def named_temporary_file(*arguments: Any, **named: Any) -> Any:
    """`tempfile.NamedTemporaryFile`, whose ``write`` also accepts text in a binary file."""
    made: Any = _named_temporary_file_now(*arguments, **named)
    if isinstance(made.file, io.BufferedIOBase):
        write = made.file.write
        made.write = lambda value: write(as_bytes(value))
    return made


_named_temporary_file_now = tempfile.NamedTemporaryFile


class StringIO:
    """A file in memory for bytes or for text: whichever is written first."""

    def __init__(self, value: str | bytes = ""):
        self._file: Any = None
        if value:
            self._file = io.BytesIO(value) if isinstance(value, bytes) else io.StringIO(value)

    def write(self, value: str | bytes) -> int:
        if self._file is None:
            self._file = io.BytesIO() if isinstance(value, bytes) else io.StringIO()
        return int(self._file.write(value))

    def __getattr__(self, name: str) -> Any:
        return getattr(io.StringIO() if self._file is None else self._file, name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._file or ())
