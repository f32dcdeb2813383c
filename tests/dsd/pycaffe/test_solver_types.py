"""Solver classes and their rules."""

from __future__ import annotations

import pytest
from toys import toy

from dsd.pycaffe.solver_types import AdamSolver, NesterovSolver, SGDSolver, get_solver
from netdef.pycaffe import mode

PLAIN = "max_iter: 6"


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr(mode, "choices", mode.Choices(log_level=2))


def test_the_class_decides_the_rule(tmp_path):
    file = toy(tmp_path, phases=PLAIN)
    assert type(get_solver(file)) is SGDSolver
    assert NesterovSolver(file).trainer.settings.type == "Nesterov" and AdamSolver(file).rule == "Adam"
    assert type(get_solver(toy(tmp_path, type="Adam", phases=PLAIN))) is AdamSolver
    with pytest.raises(RuntimeError, match="Could not open file"):
        get_solver(tmp_path / "absent.prototxt")
    with pytest.raises(RuntimeError, match="Could not open file"):
        SGDSolver(tmp_path / "absent.prototxt")
