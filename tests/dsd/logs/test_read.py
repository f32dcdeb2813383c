"""Files that are no log."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsd.logs.read import read_runs
from netdef.errors import FileError


def test_files_that_are_no_log_are_refused(tmp_path: Path):
    (tmp_path / "x.log").write_text("hello\n")
    with pytest.raises(FileError, match="x.log: has no outputs of training or testing"):
        read_runs(tmp_path / "x.log")
    (tmp_path / "x.jsonl").write_text('{"event": "train", "time": 1, "rate": 0.1, "iter": 3}\n')
    with pytest.raises(FileError, match="x.jsonl: is damaged, or of another version: KeyError 'iteration'"):
        read_runs(tmp_path / "x.jsonl")
    with pytest.raises(FileError, match="y.log: No such file"):
        read_runs(tmp_path / "y.log")
