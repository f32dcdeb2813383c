"""The mask policy of a phase: defaults, values, and complaints."""

from __future__ import annotations

from dataclasses import fields

import pytest

from dsd.engine.phase import Regrow
from dsd.masks.policies.registry import policies
from dsd.plan.phases import plan_phases
from dsd.solver.choices import Constraint
from netdef.definition.read import read_solver_text
from netdef.errors import SpecError


def plan(*phases: str):
    text = "\n".join(f"dsd_phase {{ {phase} }}" for phase in phases)
    return plan_phases(read_solver_text(f'base_lr: 0.1 lr_policy: "fixed"\n{text}'))


def test_defaults_are_those_of_the_paper():
    (phase,) = plan("max_iter: 4 sparsity: 0.3")
    assert phase.policy.name == "FIXED" and phase.regrow is Regrow.ZERO
    assert not any(phase.policy.changes_at(i) for i in range(4))


def test_gradual_changes_at_its_interval_and_at_the_end_of_the_ramp():
    (phase,) = plan("max_iter: 20 sparsity: 0.3 mask_policy: GRADUAL update_interval: 3 mask_end: 8")
    assert [i for i in range(20) if phase.policy.changes_at(i)] == [3, 6, 8]
    assert [phase.policy.last_change(i) for i in (2, 3, 7, 8, 19)] == [0, 3, 6, 8, 8]


def test_mask_end_is_half_the_phase_by_default():
    gradual, dynamic = plan(
        "max_iter: 300 sparsity: 0.3 mask_policy: GRADUAL", "max_iter: 9 mask_policy: DYNAMIC c_rate: 1")
    assert (gradual.policy.end, dynamic.policy.end) == (150, 4)
    assert [i for i in range(300) if gradual.policy.changes_at(i)] == [100, 150]
    assert [i for i in range(9) if dynamic.policy.changes_at(i)] == [1, 2, 3]


def test_sparsity_of_n_of_m_follows_from_n_and_m():
    (phase,) = plan("max_iter: 2 mask_policy: N_OF_M n: 1 m: 3")
    assert phase.sparse and phase.name == "sparse" and phase.sparsity == pytest.approx(2 / 3)
    assert phase.sparsity_of("ip", own=0.1) == pytest.approx(2 / 3)
    (phase,) = plan('max_iter: 2 mask_policy: N_OF_M layer { name: "ip*" sparsity: 0.5 }')
    assert phase.sparsity_of("ip1") == 0.5 and phase.sparsity_of("conv") is None


def test_dynamic_implies_zero_after_step():
    (phase,) = plan("max_iter: 2 mask_policy: DYNAMIC c_rate: 0.5")
    assert phase.sparse and phase.constraint is Constraint.ZERO_AFTER_STEP and phase.policy.learns_under_mask
    assert phase.sparsity_of("ip") == 0 and phase.sparsity is None


@pytest.mark.parametrize("name", list(policies()))
def test_defaults_in_code_are_those_of_the_schema(name):
    """``mask_end`` has none in the schema; with a phase of one iteration it is 0, as in code."""
    (phase,) = plan(f"max_iter: 1 sparsity: 0.5 mask_policy: {name}")
    for field in fields(policies()[name]()):
        assert getattr(phase.policy, field.name) == pytest.approx(getattr(policies()[name](), field.name)), field.name


@pytest.mark.parametrize(("phases", "said"), [
    (["max_iter: 2 sparsity: 0.3 n: 1"], "`n` is for `mask_policy: N_OF_M`; this phase has FIXED"),
    (["max_iter: 2 sparsity: 0.3 mask_policy: RANDOM mask_end: 1"],
     "`mask_end` is for `mask_policy: GRADUAL or DYNAMIC`; this phase has RANDOM"),
    (["max_iter: 2 sparsity: 0.3 mask_policy: DYNAMIC channel_norm: L1"],
     "`channel_norm` is for `mask_policy: CHANNEL`; this phase has DYNAMIC"),
    (["max_iter: 2 mask_policy: CHANNEL"],
     "the phase has `mask_policy: CHANNEL` but no `sparsity`, so nothing would be pruned"),
    (["max_iter: 2 mask_policy: N_OF_M sparsity: 0.3"], "`sparsity` is 0.3, but 2 of 4 kept is 0.5; leave it out"),
    (['max_iter: 2 mask_policy: N_OF_M layer { name: "a" sparsity: 0.7 }'],
     "`sparsity` is 0.7, but 2 of 4 kept is 0.5; leave it out"),
    (["max_iter: 2 mask_policy: N_OF_M n: 4"], "keeps `n` 4 of every `m` 4; n must be at least 1 and below m"),
    (["max_iter: 2 mask_policy: DYNAMIC"], "`mask_policy: DYNAMIC` needs a `sparsity` or a `c_rate`"),
    (["max_iter: 2 mask_policy: DYNAMIC sparsity: 0.3 c_rate: 1"],
     "`c_rate` and `sparsity` both say how much DYNAMIC prunes; give one of them"),
    (["max_iter: 2 mask_policy: DYNAMIC c_rate: inf"], "`c_rate` is inf; it must be finite"),
    (["max_iter: 2 mask_policy: DYNAMIC c_rate: 1 splice_gamma: -1"], "`splice_gamma` is -1; it must be at least 0"),
    (["max_iter: 2 mask_policy: DYNAMIC c_rate: 1 constraint: MASK_UPDATE"],
     "under `mask_policy: DYNAMIC` pruned weights get updates, which are kept apart from the net; "
     "`constraint: MASK_UPDATE` would stop them: leave it out"),
    (["max_iter: 2 sparsity: 0.3 mask_policy: CHANNEL scope: GLOBAL"],
     "`scope: GLOBAL` goes with `mask_policy: FIXED`; this phase has CHANNEL"),
    (["max_iter: 2 sparsity: 0.3 mask_policy: GRADUAL update_interval: 0"],
     "`update_interval` is 0; it must be at least 1"),
    (["max_iter: 2 sparsity: 0.3 mask_policy: GRADUAL mask_end: 2"],
     "`mask_end` is 2; it must be at least 0 and below the phase's `max_iter` 2"),
    (["max_iter: 2", "max_iter: 2 regrow: SAVED"], "phase 2 has `regrow: SAVED`, but no phase before it prunes"),
])
def test_complaints(phases, said):
    with pytest.raises(SpecError) as error:
        plan(*phases)
    assert [problem.message for problem in error.value.problems] == [said]
    span = error.value.problems[0].span
    assert span.source.position(span.start)[0] == len(phases) + 1
