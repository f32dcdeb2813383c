"""The fields of a solver that scripts read and change."""

from __future__ import annotations

import pytest
from toys import toy

from dsd.pycaffe.solver_types import SGDSolver
from netdef.pycaffe import mode

PLAIN = "max_iter: 6"


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr(mode, "choices", mode.Choices(log_level=2))


def test_the_rate_can_be_changed(tmp_path):
    solver = SGDSolver(toy(tmp_path, phases=PLAIN))
    assert solver.lr == pytest.approx(0.1) and solver.param.base_lr == pytest.approx(0.1)
    solver.param.base_lr = 0.4
    assert solver.lr == pytest.approx(0.4)
    solver.step(3)
    assert solver.lr == pytest.approx(0.2)  # the policy halves it every two iterations
    assert (solver.param.max_iter, solver.param.display, solver.param.layer_wise_reduce) == (6, 0, True)
