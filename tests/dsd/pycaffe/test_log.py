"""The lines that a solver logs."""

from __future__ import annotations

import pytest
from toys import toy

from dsd.pycaffe.solver_types import SGDSolver
from netdef.pycaffe import mode

PLAIN = "max_iter: 6"


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr(mode, "choices", mode.Choices(log_level=2))


def test_what_is_logged(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(mode.choices, "log_level", 0)
    solver = SGDSolver(toy(tmp_path, phases=PLAIN, more="display: 2 test_iter: 1 test_interval: 4"))
    solver.step(3)
    solver.snapshot()
    lines = [line.partition("] ")[2] for line in capsys.readouterr().err.splitlines()]
    assert lines[0] == "Iteration 0, Testing net (#0)" and lines[1].startswith("    Test net output #0: loss = ")
    (shown,) = [line for line in lines if line.startswith("Iteration 2 (")]
    assert "s/2 iters), loss = " in shown and "Iteration 2, lr = 0.05" in lines
    assert lines[-1].startswith("Snapshotting to ")
