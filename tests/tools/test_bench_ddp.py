"""The benchmark of several ranks: its arithmetic, and a short run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dsd.distributed import ALONE

SCRIPT = Path(__file__).parents[2] / "tools" / "bench_ddp.py"


def test_efficiency_is_that_of_the_median_turn(tool):
    bench = tool("bench_ddp")
    times = bench.Times([0.2, 0.3, 0.2], [0.2, 0.4, 0.25], [0.25, 0.3, 0.4])  # together: 0.8, 1 and 0.5
    assert times.efficiency == pytest.approx(0.8)
    table = bench.table_of({"digits": times}, 3, 1)
    assert table.title == "3 ranks over gloo, 1 thread each"
    assert [cell for column in table.columns for cell in column.cells] == [
        "digits", "200.0 ms", "250.0 ms", "300.0 ms", "0.80", "0.80"]


def test_each_way_has_its_turns(tool, monkeypatch):
    bench = tool("bench_ddp")
    monkeypatch.setattr(bench, "LEAST", 0)
    times = bench.measure("digits", ALONE, 2, iter_size=3)
    assert all(len(taken) == 2 and min(taken) > 0 for taken in times)


@pytest.mark.slow
def test_two_ranks_are_measured():
    run = subprocess.run(
        [sys.executable, str(SCRIPT), "--nets", "digits", "--rounds", "1"], capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stderr
    assert "digits" in run.stdout and "deprecated" not in run.stderr
