"""Phases from Python and from text are the same phases, with the same checks."""

from __future__ import annotations

import pytest
import torch

from dsd.attached.attach import attach
from dsd.attached.phases import AttachError, Dense, Sparse, read_phases
from dsd.engine.phase import Regrow, Scope
from dsd.masks.policies.n_of_m import NOfM
from dsd.solver.choices import ClipScope, Constraint, StateRule
from netdef.errors import SpecError

TEXT = """
dsd_phase { max_iter: 7 }
dsd_phase { name: "middle" max_iter: 5 sparsity: 0.3 layer { name: "fc*" sparsity: 0.5 } exclude: "conv1"
            solver_state: CARRY constraint: MASK_UPDATE clip_scope: ALL scope: GLOBAL }
dsd_phase { max_iter: 4 regrow: SAVED }
dsd_phase { max_iter: 3 mask_policy: N_OF_M n: 1 m: 3 }
"""
OBJECTS = [
    Dense(7),
    Sparse(5, name="middle", sparsity=0.3, layers={"fc*": 0.5}, exclude=["conv1"], solver_state="CARRY",
           constraint="MASK_UPDATE", clip_scope="ALL", scope="GLOBAL"),
    Dense(4, regrow="SAVED"),
    Sparse(3, mask_policy="N_OF_M", n=1, m=3),
]


def test_text_and_objects_say_the_same():
    phases = read_phases(OBJECTS)
    assert phases == read_phases(TEXT)
    assert [(p.name, p.start, p.end) for p in phases] == [
        ("dense", 0, 7), ("middle", 7, 12), ("re-dense", 12, 16), ("sparse", 16, 19)]
    middle = phases[1]
    assert middle.exclude == ("conv1",) and [(name, round(s, 6)) for name, s in middle.layers] == [("fc*", 0.5)]
    assert (middle.constraint, middle.clip_scope, middle.scope) == (Constraint.MASK_UPDATE, ClipScope.ALL, Scope.GLOBAL)
    assert [p.solver_state for p in phases] == [StateRule.CARRY, StateRule.CARRY, StateRule.RESET, StateRule.RESET]
    assert phases[2].regrow is Regrow.SAVED and phases[3].policy == NOfM(1, 3)


def test_rates():
    assert [p.lr for p in read_phases([Dense(1), Sparse(1, sparsity=0.5, lr=0.1)])] == [None, 0.1]
    text = read_phases("dsd_phase { max_iter: 1 } dsd_phase { max_iter: 1 sparsity: 0.5 base_lr: 0.03 }")
    assert [(p.lr, p.base_lr) for p in text] == [(None, None), (None, 0.03)]


def test_a_rate_in_the_text_is_that_of_the_first_group():
    a, b = torch.nn.Linear(3, 2), torch.nn.Linear(2, 5)
    optimizer = torch.optim.SGD([{"params": a.parameters(), "lr": 0.5}, {"params": b.parameters(), "lr": 0.25}])
    attach(torch.nn.Sequential(a, b), optimizer, "dsd_phase { max_iter: 2 base_lr: 0.05 }")
    assert [group["lr"] for group in optimizer.param_groups] == pytest.approx([0.05, 0.025], rel=1e-12)


def test_a_rate_in_the_text_needs_one_to_be_measured_by():
    model = torch.nn.Linear(3, 2)
    with pytest.raises(AttachError, match="phase `dense` has a `base_lr`, but the rate of the first parameter group"):
        attach(model, torch.optim.SGD(model.parameters(), lr=0.0), "dsd_phase { max_iter: 2 base_lr: 0.05 }")


def test_epochs():
    assert [p.length for p in read_phases("dsd_phase { max_iter: 2 } dsd_phase { max_iter: 3 }", 40)] == [80, 120]
    assert [p.length for p in read_phases([Dense(0.25), Dense(1)], 40)] == [10, 40]


@pytest.mark.parametrize(("phases", "complaint"), [
    ([], "there are no phases"),
    ([Dense(3), "sparse"], "phase 2 is 'sparse'; give dsd.Dense or dsd.Sparse"),
    ([Dense(3, lr=-1)], "phase 1: `lr` is -1; it must be at least 0"),
    ([Dense(3), Sparse(3, sparsity=0.5, scope="EVERYWHERE")], "phase 2: `scope` is 'EVERYWHERE'; it is one of LAYER, GLOBAL"),
    ([Sparse(3, sparsity=0.5, mask_policy="gradual")], "phase 1: `mask_policy` is 'gradual'; it is one of FIXED, GRADUAL, DYN"),
    ([Dense(2), Sparse(4)], r"phase 2: Sparse\(4\) has no sparsity; give one, as in dsd.Sparse\(4, sparsity=0.3\), or `layers`"),
])
def test_what_is_no_phase(phases, complaint):
    with pytest.raises(AttachError, match=complaint):
        read_phases(phases)


@pytest.mark.parametrize(("phases", "complaint"), [
    ([Dense(0)], "phase 1 has `max_iter` 0; give its length in iterations, at least 1"),
    ([Sparse(3, sparsity=1.5)], "`sparsity` is 1.5; it must be at least 0 and below 1"),
    ([Dense(3, regrow="SAVED")], "phase 1 has `regrow: SAVED`, but no phase before it prunes"),
    ([Sparse(3, sparsity=0.5, m=4)], "`m` is for `mask_policy: N_OF_M`; this phase has FIXED"),
    ("base_lr: 0.1 dsd_phase { max_iter: 3 }", r"phases:1:1: `base_lr` has no meaning here: only `dsd_phase \{ ... \}` does"),
    ("dsd_phase { max_iter: 3 lr_policy: \"step\" }", "phases:1:25: `lr_policy`: rates within a phase are the loop's"),
    ("dsd_phase { max_iter: 3 until_converged { } }", "phases:1:25: `until_converged`: the tests are the loop's; call"),
    ("dsd_phase { max_iter: 3 sparcity: 0.5 }", "phases:1:25: .*did you mean `sparsity`"),
])
def test_mistakes_in_the_fields(phases, complaint):
    with pytest.raises(SpecError, match=complaint):
        read_phases(phases)


def test_patterns_that_match_nothing():
    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.LayerNorm(2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with pytest.raises(AttachError, match=r"phase `sparse`: no layer `1` in the model has weights that can be pruned.*: 0$"):
        attach(model, optimizer, [Sparse(3, layers={"1": 0.5})])
    with pytest.raises(AttachError, match="no layer `fc`"):
        attach(model, optimizer, [Sparse(3, sparsity=0.5, exclude=["fc"])])
    assert not optimizer._optimizer_step_pre_hooks
