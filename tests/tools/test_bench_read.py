"""The benchmark of reading runs, on a small net here."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

TOOL = Path(__file__).parents[2] / "tools" / "bench_read.py"


def test_a_net_is_written_and_read(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "path", list(sys.path))
    tool = runpy.run_path(str(TOOL))
    tool["CHANNELS"][:] = [(2,)] * 5
    tool["DENSE"][:] = [4]
    path = str(tmp_path / "w.caffemodel")
    tool["make"](path)
    for what in ("bare", "load"):
        tool["report_once"](what, path)
    measured = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert len(measured) == 2 and all(float(seconds) > 0 for seconds, _ in measured)


def test_prototxts_are_read_by_both_parsers(monkeypatch, capsys):
    monkeypatch.setattr(sys, "path", list(sys.path))
    tool = runpy.run_path(str(TOOL))
    tool["bench_prototxt"](3, 1)
    assert capsys.readouterr().out.startswith("prototxt of 105 lines: first ")
