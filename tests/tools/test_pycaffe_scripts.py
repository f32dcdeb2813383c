"""Lists of scripts, their errors, and notebooks."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

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
