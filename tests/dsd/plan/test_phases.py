"""The solver's phases: stated, implied by one sparsity, or none."""

from __future__ import annotations

import pytest

from dsd.engine.phase import Scope
from dsd.plan.phases import plan_phases
from dsd.solver.choices import ClipScope, Constraint, StateRule
from netdef.definition.read import read_solver_text
from netdef.errors import SpecError

BASE = 'base_lr: 0.4 lr_policy: "step" gamma: 0.5 stepsize: 3\n'


def plan(text: str, **options):
    return plan_phases(read_solver_text(BASE + text), **options)


def complaints(text: str, **options) -> list[str]:
    with pytest.raises(SpecError) as error:
        plan(text, **options)
    return [problem.message for problem in error.value.problems]


def test_plain_training_is_one_dense_phase():
    (phase,) = plan("max_iter: 7")
    assert (phase.name, phase.start, phase.end, phase.sparse, phase.keeps_masks) == ("dense", 0, 7, False, True)
    assert [round(phase.rates.at(i), 6) for i in range(7)] == [0.4, 0.4, 0.4, 0.2, 0.2, 0.2, 0.1]


def test_rates_count_from_the_start_of_a_phase_and_override_field_by_field():
    dense, sparse = plan("""
        dsd_phase { max_iter: 7 }
        dsd_phase { max_iter: 5 sparsity: 0.3 base_lr: 0.8 stepsize: 2 }""")
    assert (dense.name, sparse.name, sparse.start, sparse.end) == ("dense", "sparse", 7, 12)
    assert [round(sparse.rates.at(i), 6) for i in range(5)] == [0.8, 0.8, 0.4, 0.4, 0.2]


def test_a_warm_up_is_the_first_phases():
    first, second = plan("warmup_iter: 2 dsd_phase { max_iter: 4 } dsd_phase { max_iter: 3 sparsity: 0.3 base_lr: 0.8 }")
    assert [round(first.rates.at(i), 6) for i in range(4)] == [0, 0.2, 0.4, 0.2]
    assert [round(second.rates.at(i), 6) for i in range(3)] == [0.8, 0.8, 0.8]


def test_names_of_phases_without_a_name():
    phases = plan("dsd_phase { max_iter: 1 } " + "dsd_phase { max_iter: 2 sparsity: 0.5 } dsd_phase { max_iter: 3 } " * 2)
    assert [phase.name for phase in phases] == ["dense", "sparse", "re-dense", "sparse", "re-dense"]


def test_one_sparsity_makes_the_papers_three_phases():
    dense, sparse, redense = plan("max_iter: 9", sparsity=0.3)
    assert [(p.start, p.length) for p in (dense, sparse, redense)] == [(0, 9), (9, 4), (13, 4)]
    assert [round(p.rates.at(0), 6) for p in (dense, sparse, redense)] == [0.4, 0.04, 0.004]
    assert sparse.sparsity == 0.3 and not redense.sparse and not dense.keeps_masks


def test_max_iter_replaces_the_solvers_or_ends_the_phases_early():
    assert plan("max_iter: 9", max_iter=5)[-1].end == 5
    phases = plan("dsd_phase { max_iter: 7 } dsd_phase { max_iter: 5 sparsity: 0.3 }", max_iter=9)
    assert [(p.start, p.end) for p in phases] == [(0, 7), (7, 9)]


def test_options_of_a_phase():
    (phase,) = plan("""dsd_phase { max_iter: 1 sparsity: 0.3 solver_state: CARRY constraint: ZERO_AFTER_STEP
                                  clip_scope: ALL scope: GLOBAL }""")
    assert (phase.solver_state, phase.constraint, phase.clip_scope, phase.scope) == (
        StateRule.CARRY, Constraint.ZERO_AFTER_STEP, ClipScope.ALL, Scope.GLOBAL)


@pytest.mark.parametrize(("text", "options", "said"), [
    ("", {}, ["the solver has no `max_iter` and no `dsd_phase`; give the length of the training"]),
    ("max_iter: -2", {}, ["`max_iter` is -2; it must not be negative"]),
    ("dsd_phase { name: \"a\" }", {}, ["phase 1 has no `max_iter`; give its length in iterations, at least 1"]),
    ('dsd_phase { lr_policy: "poly" power: 1 sparsity: 2 }', {}, [
        "phase 1 has no `max_iter`; give its length in iterations, at least 1",
        "`sparsity` is 2; it must be at least 0 and below 1"]),
    ("dsd_phase { max_iter: 0 }", {}, ["phase 1 has `max_iter` 0; give its length in iterations, at least 1"]),
    ("dsd_phase { max_iter: 2 sparsity: 1 }", {}, ["`sparsity` is 1; it must be at least 0 and below 1"]),
    ("dsd_phase { max_iter: 2 layer { name: \"a\" } }", {},
     ["`layer` has no `sparsity`; give a `name`, in which * and ? are allowed, and a `sparsity`"]),
    ("dsd_phase { max_iter: 2 lr_policy: \"inv\" }", {}, ['`lr_policy` "inv" needs `power`, which is missing']),
    ("max_iter: 3 dsd_phase { max_iter: 2 }", {},
     ["`max_iter` is 3, but the phases add up to 2; leave it out or give 2"]),
    ("dsd_phase { max_iter: 2 }", {"sparsity": 0.3},
     ["the solver has phases of its own; give their sparsities there"]),
    ("max_iter: 4", {"sparsity": -0.5}, ["the sparsity is -0.5; it must be at least 0 and below 1"]),
])
def test_complaints(text, options, said):
    assert complaints(text, **options) == said


def test_a_complaint_about_a_phase_points_into_it():
    with pytest.raises(SpecError) as error:
        plan("dsd_phase { max_iter: 2 }\ndsd_phase { max_iter: 2\n  sparsity: 1.5 }")
    assert str(error.value).splitlines()[0].startswith("<text>:4:3: `sparsity` is 1.5")


@pytest.mark.parametrize(("text", "line", "said"), [
    ("min_lr: 2\ndsd_phase { max_iter: 3 base_lr: 1 }", 2, "`min_lr` is 2, above `base_lr` 1"),
    ("dsd_phase {\nmax_iter: 3\ngamma: -1 }", 4, "`gamma` is -1"),
    ("dsd_phase {\nmax_iter: 3\nlr_policy: \"exo\" }", 4, 'unknown `lr_policy` "exo"'),
    ('stagelr: 1 stagelr: 2\nstageiter: 1\ndsd_phase { max_iter: 3 lr_policy: "multifixed" }', 3, "1 `stageiter`"),
])
def test_a_complaint_about_a_rate_points_at_the_field_wherever_it_stands(text, line, said):
    """The phase has only some of the schedule's fields; the others are the solver's."""
    with pytest.raises(SpecError) as error:
        plan(text)
    assert str(error.value).startswith(f"<text>:{line}:") and said in error.value.problems[0].message
