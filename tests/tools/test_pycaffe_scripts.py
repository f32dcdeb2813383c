"""Lists of scripts, their errors, and notebooks."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path

import pytest

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "pycaffe_scripts.py"))


def test_an_option_is_removed_with_the_words_after_it():
    words = ["--weights", "a", "run.py", "--weights", "b", "--gpu"]
    assert TOOL["_after"](words, "--weights") == ["a", "b"] and words == ["run.py", "--gpu"]


def test_a_notebook_is_its_code_without_magic(tmp_path: Path):
    cells = [{"cell_type": "markdown", "source": ["# title"]},
             {"cell_type": "code", "source": ["%matplotlib inline\n", "x = 1\n", "!ls\n", "y = 2"]}]
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": cells}))
    code = TOOL["notebook_code"](tmp_path / "a.ipynb")
    found: dict[str, int] = {}
    exec(code, {}, found)
    assert found == {"x": 1, "y": 2}


def test_lines_of_a_list_are_scripts_with_their_options(tmp_path: Path):
    (tmp_path / "list.txt").write_text("""
# a comment
me+nets/examples | --py2 --weights a.prototxt=a.caffemodel --path lib | run.py --gpu "two words"
you+it |  | main.py
""")
    first, second = TOOL["entries"](tmp_path / "list.txt")
    assert first == ("me+nets/examples", ["--py2"], ["a.prototxt=a.caffemodel"], ["lib"], ["run.py", "--gpu", "two words"])
    assert second == ("you+it", [], [], [], ["main.py"])


@pytest.mark.parametrize(("code", "status", "reason"), [
    ("import sys; assert sys.argv[1] == 'a b'", "ran", ""),
    ("x = 1\n\nraise KeyError('blob')", "stopped", "KeyError: 'blob' (s.py:3)"),
    (None, "missing", "")])
def test_a_script_runs_or_stops_for_a_reason(tmp_path: Path, code: str | None, status: str, reason: str):
    if code is not None:
        (tmp_path / "s.py").write_text(code)
    entry = TOOL["ScriptEntry"](".", [], [], [], ["s.py", "a b"])
    result = TOOL["run"](entry, tmp_path, sys.executable, 600)
    assert (result.status, result.reason) == (status, reason)


def test_a_script_at_the_time_limit_is_running(tmp_path: Path):
    (tmp_path / "s.py").write_text("while True: pass")
    entry = TOOL["ScriptEntry"](".", [], [], [], ["s.py"])
    assert TOOL["run"](entry, tmp_path, sys.executable, 0.5).status == "running"
