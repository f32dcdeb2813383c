"""The folder of a run with damaged files."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from dsd.study.run_folder import MeasuredOutputs, RunFolder, RunResult
from netdef.errors import FileError

RESULT = RunResult("d", "dsd", 1, 6, 2.0, [MeasuredOutputs(6, "sparse", {"loss": 0.5})])


def test_a_damaged_result_is_refused(tmp_path):
    folder = RunFolder(tmp_path)
    folder.result_file.write_text(json.dumps(asdict(RESULT)))
    assert folder.result("d") == RESULT and folder.result("another") is None
    folder.result_file.write_text(json.dumps(asdict(RESULT)).replace("seconds", "second"))
    with pytest.raises(FileError, match="result.json: is damaged: TypeError"):
        folder.result("d")


def test_damaged_lines_of_a_run_are_left_out(tmp_path):
    folder = RunFolder(tmp_path)
    assert folder.tests() == []
    test = b'{"event": "test", "iteration": 6, "phase": "sparse", "outputs": [{"loss": 0.5}]}'
    folder.lines.write_bytes(b'{"event": "te\xff\n' + test + b'\n' + test[:40])
    assert folder.tests() == RESULT.tests
