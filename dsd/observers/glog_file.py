"""Log files: lines with glog's prefix, numbers as C++ writes them.

Lines begin as in the glog of that time: severity, month, day, time, thread, place in Caffe's source
(``I1122 08:54:02.963478 16454 solver.cpp:239] ``). Newer glog puts the year before the month, which Caffe's
``parse_log.py`` reads as the month, so the old form is used.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import torch

from netdef.errors import FileError


def number(value: float) -> str:
    """A number as ``std::ostream << value`` writes it: six significant digits, no trailing zeros."""
    return f"{value:g}"


def device_line(device: torch.device) -> str:
    """The first line of ``caffe test`` and ``caffe time``."""
    return "Use CPU." if device.type == "cpu" else f"Use GPU with device ID {device.index or 0}"


class LogFile:
    """A line-buffered text file. Without ``append`` an existing file is overwritten.

    Raises `FileError` with the file's name for all errors of the system, also in `write`: no such folder, disk full.
    """

    def __init__(self, path: Path, append: bool = False):
        self.path = path
        with self._blamed():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = open(path, "a" if append else "w", buffering=1, encoding="utf-8")

    def write(self, text: str) -> None:
        with self._blamed():
            self._file.write(text)

    def close(self) -> None:
        with self._blamed():
            self._file.close()

    @contextmanager
    def _blamed(self) -> Iterator[None]:
        try:
            yield
        except (FileExistsError, NotADirectoryError):
            raise FileError(f"{self.path}: cannot be written: {self.path.parent} is no folder") from None
        except OSError as error:
            raise FileError(f"{self.path}: cannot be written: {error.strerror}") from None


class GlogFile(LogFile):
    """A `LogFile` of lines with glog's prefix."""

    def info(self, place: str, text: str, severity: str = "I") -> None:
        """Write one line; ``place`` is file and line of Caffe's source that prints it."""
        self.write(f"{severity}{datetime.now():%m%d %H:%M:%S.%f} {os.getpid():5d} {place}] {text}\n")
