"""The sparse training of caffe-jacinto becomes a phase whose sparsity rises."""

from __future__ import annotations

import warnings

import pytest

from netdef.definition.read import read_solver_text
from netdef.errors import SpecError
from netdef.schema.messages import DsdPhase, MaskParameter

SOLVER = """base_lr: 0.1 max_iter: %d sparse_mode: SPARSE_UPDATE
sparsity_target: 0.8 sparsity_step_factor: 0.05 sparsity_step_iter: 1000 sparsity_start_factor: %g
"""


@pytest.mark.parametrize(("max_iter", "start", "end"), [
    (32000, 0, 16000),  # 16 steps of 0.05
    (32000, 0.5, 6000),  # 6 steps
    (9000, 0, 9000),
])
def test_the_target_is_that_of_a_gradual_phase(max_iter, start, end):
    with pytest.warns(UserWarning, match=f"^<text>:2:1: the sparse training of caffe-jacinto is read as .*mask_end: {end} "):
        solver = read_solver_text(SOLVER % (max_iter, start))
    (phase,) = solver.message.dsd_phase
    assert (phase.max_iter, phase.mask_policy, phase.mask_end, phase.update_interval) == (max_iter, DsdPhase.GRADUAL, end, 1000)
    assert phase.sparsity == pytest.approx(0.8) and phase.constraint == DsdPhase.ZERO_AFTER_STEP
    assert not solver.message.HasField("sparse_mode")
    assert str(solver.span("dsd_phase", 0)) == "<text>:2:1"


def test_without_a_target_zeros_stay():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        solver = read_solver_text("base_lr: 0.1 sparse_mode: SPARSE_UPDATE")
    assert not solver.message.dsd_phase and solver.message.sparse_mode == MaskParameter.SPARSE_UPDATE


def test_phases_beside_a_target_are_refused():
    with pytest.raises(SpecError, match="the solver has phases and a `sparsity_target` of caffe-jacinto's; keep the phases"):
        read_solver_text(SOLVER % (10, 0) + "dsd_phase { max_iter: 10 }")
