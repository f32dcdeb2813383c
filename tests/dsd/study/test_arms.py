from __future__ import annotations

import pytest
from study_arms import PHASES, phases, planned

from dsd.study.arms import ArmError, arm, control, dsdsd


def test_the_control_differs_in_the_masks_only():
    solver, base = phases()
    own, bare = planned(solver, base), planned(solver, control(base))
    assert not any(phase.sparse for phase in bare)
    for with_mask, without in zip(own, bare, strict=True):
        for field in ("name", "start", "length", "rates", "solver_state"):
            assert getattr(with_mask, field) == getattr(without, field)
    assert [p.name for p in bare] == ["warm", "sparse", "re-dense"]


def test_dsdsd_repeats_sparse_and_re_dense():
    solver, base = phases()
    made = planned(solver, dsdsd(base))
    assert [(p.name, p.start, p.length, p.sparse) for p in made] == [
        ("warm", 0, 7, False), ("sparse", 7, 5, True), ("re-dense", 12, 3, False),
        ("sparse again", 15, 5, True), ("re-dense again", 20, 3, False)]
    assert made[3].rates == made[1].rates


def test_dsdsd_needs_a_dense_end():
    with pytest.raises(ArmError, match="last phase is sparse"):
        dsdsd(phases(PHASES + "dsd_phase { max_iter: 2 sparsity: 0.5 }")[1])


def test_another_sparsity_replaces_those_of_layers():
    solver, base = phases()
    made = planned(solver, arm("sparsity-0.75", base))
    assert (made[1].sparsity, made[1].layers) == (0.75, (("ip*", 0.75), ("first", 0.0)))
    assert not made[2].sparse
    assert base[1].layer[0].sparsity == pytest.approx(0.6)  # the phases given are as they were


def test_stop_after_sparse_and_constraints():
    solver, base = phases()
    assert [p.name for p in planned(solver, arm("stop-after-sparse", base))] == ["warm", "sparse"]
    made = planned(solver, arm("zero-after-step", base))
    assert [p.constraint.name for p in made] == ["MASK_BLOB", "ZERO_AFTER_STEP", "MASK_BLOB"]
    assert [p.solver_state.name for p in planned(solver, arm("reset", base))] == ["RESET"] * 3


def test_weights_regrow_in_the_phase_after_a_sparse_one():
    solver, base = phases(PHASES + "dsd_phase { max_iter: 2 }")
    made = planned(solver, arm("regrow-filler", base))
    assert [p.regrow.name for p in made] == ["ZERO", "ZERO", "FILLER", "ZERO"]
    assert [p.regrow.name for p in planned(solver, arm("regrow-zero", base))] == ["ZERO"] * 4
    assert planned(solver, arm("regrow-saved", base)) == planned(solver, base)  # which says so


def test_an_unknown_arm_names_the_nearest():
    with pytest.raises(ArmError, match="unknown arm `dsdds`; did you mean `dsdsd`"):
        arm("dsdds", phases()[1])
    with pytest.raises(ArmError, match="unknown arm `sparsity-1.5`"):
        arm("sparsity-1.5", phases()[1])
