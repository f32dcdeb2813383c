"""Read the runs in a log: text as Caffe and its forks write it, and JSON lines."""

from __future__ import annotations

import codecs
from pathlib import Path

from dsd.logs.json_log import runs_in_json
from dsd.logs.tables import Tables
from dsd.logs.text_log import runs_in_text
from netdef.errors import FileError


def read_runs(path: str | Path) -> list[Tables]:
    """The tables of each run in a log file, at least one. A resumed run is one run.

    Raises `FileError` for a file that cannot be read or has no outputs of training or testing.
    """
    path = Path(path)
    try:
        runs = runs_in_json(path) if path.suffix == ".jsonl" else runs_in_text(_text(path))
    except (KeyError, TypeError, AttributeError) as error:
        raise FileError(f"{path}: is damaged, or of another version: {type(error).__name__} {error}") from None
    if not runs:
        raise FileError(f"{path}: has no outputs of training or testing; is it the log of a training run?")
    return runs


def _text(path: Path) -> str:
    """The text of a file in UTF-8, or in UTF-16, which PowerShell writes when output is redirected."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}") from error
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data.decode("utf-16" if utf16 else "utf-8-sig", errors="replace")
