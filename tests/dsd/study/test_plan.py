"""Plans of studies: arms, shared runs, digests."""

from __future__ import annotations

import pytest
from study_arms import phases, planned
from toys import toy

from dsd.study.arms import ARMS, ArmError, arm
from dsd.study.plan import Branch, make_plan
from netdef.definition.read import read_solver
from netdef.errors import SpecError


def test_arms_keep_the_iterations_of_their_phases():
    solver, base = phases()
    for name in ARMS:
        made = planned(solver, arm(name, base))
        assert [p.length for p in made[:2]] == [7, 5], name


TESTED = "test_iter: 2 test_interval: 3"


def test_a_plan_shares_runs_that_begin_alike(tmp_path):
    plan = make_plan(read_solver(toy(tmp_path, more=TESTED)), 2, ["stop-after-sparse", "dsdsd", "carry"], [0.7])
    assert list(plan.arms) == ["control", "control-carry", "dsd", "stop-after-sparse", "dsdsd", "carry", "sparsity-0.7"]
    assert plan.sources["dsd"] == plan.sources["stop-after-sparse"] == "dsdsd"
    assert plan.controls["dsd"] == plan.controls["dsdsd"] == plan.controls["sparsity-0.7"] == "control"
    assert plan.controls["carry"] == "control-carry"  # what is carried matters without masks too
    assert plan.arms["control"][-1].end == plan.arms["dsdsd"][-1].end == 19
    assert plan.runs == [
        (name, seed) for seed in (1, 2) for name in ("dsdsd", "carry", "sparsity-0.7", "control", "control-carry")]


def test_runs_branch_at_the_end_of_the_dense_phases_that_begin_both(tmp_path):
    plan = make_plan(read_solver(toy(tmp_path, more=TESTED)), 2, ["dsdsd", "carry"], [0.7])
    assert plan.branches == {
        "sparsity-0.7": Branch("dsdsd", 5), "control": Branch("dsdsd", 5), "control-carry": Branch("carry", 5)}


def test_runs_with_a_momentum_that_depends_on_their_length_branch_only_from_those_as_long(tmp_path):
    poly = TESTED + ' momentum_policy: "poly" max_momentum: 0.95'
    plan = make_plan(read_solver(toy(tmp_path, more=poly)), 1, ["dsdsd"], [0.7])
    assert plan.arms["control"][-1].end == plan.arms["dsdsd"][-1].end != plan.arms["sparsity-0.7"][-1].end
    assert plan.branches == {"control": Branch("dsdsd", 5)}


def test_sparsity_makes_the_phases_of_a_plain_solver(tmp_path):
    solver = read_solver(toy(tmp_path, phases="max_iter: 8", more=TESTED))
    plan = make_plan(solver, 1, sparsities=[0.5, 0.25])
    assert [(p.name, p.length, p.sparsity) for p in plan.arms["dsd"]] == [
        ("dense", 8, None), ("sparse", 4, 0.5), ("re-dense", 4, None)]
    assert [p.sparsity for p in plan.arms["sparsity-0.25"]] == [None, 0.25, None]
    assert plan.arms["dsd"][1].rates.base_lr == pytest.approx(0.01)


def test_digests_depend_on_what_a_run_computes(tmp_path):
    def digests(net=None, **options):
        path = toy(tmp_path, **{"more": TESTED, **options})
        if net:
            (tmp_path / "net.prototxt").write_text(net((tmp_path / "net.prototxt").read_text()))
        plan = make_plan(read_solver(path), 2)
        return plan.digest, plan.run_digest("dsd", 1)

    first = digests()
    assert digests(more=TESTED + " display: 7 snapshot: 3") == first
    assert digests(net=lambda text: f"# a comment\n{text}") == first
    assert digests(net=lambda text: text.replace("num_output: 9", "num_output: 8")) != first
    assert digests(more=TESTED + " momentum2: 0.5")[1] != first[1]
    plan = make_plan(read_solver(toy(tmp_path, more=TESTED)), 2)
    assert len({plan.run_digest(arm, seed) for arm in plan.arms for seed in plan.seeds}) == 4
    half = make_plan(read_solver(toy(tmp_path, more=TESTED)), 2, precision="bf16")
    assert half.digest != plan.digest and half.run_digest("dsd", 1) != plan.run_digest("dsd", 1)


def tuned(folder, phases: str, more: str = TESTED):
    """A further control's solver, of the toy's net."""
    return {"tuned": read_solver(toy(folder, phases=phases, more=more + " momentum2: 0.5"))}


def test_a_further_control_has_a_solver_of_its_own(tmp_path):
    solver = read_solver(toy(tmp_path, more=TESTED))
    plain = make_plan(solver, 2, ["stop-after-sparse", "carry"])
    plan = make_plan(solver, 2, ["stop-after-sparse", "carry"], controls=tuned(tmp_path / "tuned", "max_iter: 12"))
    assert plan.digest == plain.digest and plan.run_digest("dsd", 1) == plain.run_digest("dsd", 1)
    assert plan.solver_of("tuned").message.momentum2 == 0.5 and plan.solver_of("dsd") is solver
    (phase,) = plan.arms["tuned"]
    assert (phase.length, phase.sparse, phase.rates.base_lr) == (12, False, pytest.approx(0.1))
    assert "tuned" not in plan.branches and all(branch.arm != "tuned" for branch in plan.branches.values())
    assert plan.comparisons == [
        ("dsd", "control"), ("stop-after-sparse", "control"), ("carry", "control-carry"), ("tuned", "control"),
        ("dsd", "tuned"), ("carry", "tuned")]  # stop-after-sparse is shorter
    assert plan.runs[:4] == [("dsd", 1), ("carry", 1), ("tuned", 1), ("control", 1)]


@pytest.mark.parametrize(("name", "phases", "said"), [
    ("tuned", "max_iter: 13", "its solver has 13 iterations, the study's phases have 12"),
    ("tuned", "dsd_phase { max_iter: 5 } dsd_phase { max_iter: 7 sparsity: 0.3 }", "its solver has a sparse phase"),
    ("tuned", "dsd_phase { max_iter: 12 until_converged { } }", "its solver has `until_converged`"),
    ("dsdsd", "max_iter: 12", "an arm is called so"),
    ("sparsity-0.3", "max_iter: 12", "an arm is called so"),
])
def test_bad_further_controls_are_refused(tmp_path, name, phases, said):
    (solver,) = tuned(tmp_path / "tuned", phases).values()
    with pytest.raises(ArmError, match=f"^--control {name}: {said}"):
        make_plan(read_solver(toy(tmp_path, more=TESTED)), 1, controls={name: solver})


@pytest.mark.parametrize(("options", "error", "said"), [
    ({"phases": "max_iter: 8"}, SpecError, "has no `dsd_phase` to compare with plain training; give some, or --spars"),
    ({"phases": "dsd_phase { max_iter: 8 until_converged { } } dsd_phase { max_iter: 2 sparsity: 0.3 }"}, SpecError,
     "ends a phase when it has converged; a study compares runs of equal length"),
    ({"phases": "dsd_phase { max_iter: 8 }"}, SpecError, "has no sparse phase"),
    ({"more": ""}, SpecError, "has no test net"),
    ({"arms": ["mask-blob"]}, ArmError, "arm `mask-blob` is the same as arm `dsd`"),
    ({"metric": "acuracy"}, Exception, "no output `acuracy`; did you mean `accuracy`"),
])
def test_bad_plans_are_refused(tmp_path, options, error, said):
    arms, metric = options.pop("arms", []), options.pop("metric", None)
    solver = read_solver(toy(tmp_path, **{"more": TESTED, **options}))
    with pytest.raises(error, match=said):
        make_plan(solver, 3, arms, metric=metric)
