"""The JSON lines of a run, read back."""

from __future__ import annotations

import pytest

from dsd.observers.metrics_lines import read_lines
from netdef.errors import FileError


def test_incomplete_last_line_is_ignored_and_damaged_lines_are_reported(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"event": "start"}\n{"event": "tr\n[1]\n\n{"event": "end"}\n' + "[" * 10**5 + '\n{"event": "te')
    events, damaged = read_lines(path)
    assert [e["event"] for e in events] == ["start", "end"]
    assert damaged == [2, 3, 6]


@pytest.mark.parametrize("text, complaint", [("", "no line of a run yet"), ("x\ny\n", "or is damaged")])
def test_a_file_without_events_is_refused(tmp_path, text, complaint):
    (tmp_path / "a.jsonl").write_text(text)
    with pytest.raises(FileError, match=complaint):
        read_lines(tmp_path / "a.jsonl")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(FileError, match="No such file"):
        read_lines(tmp_path / "a.jsonl")
