"""A study from its plan to its files: most tests in this process, two with real workers."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from rich.console import Console
from toys import NET, toy

import dsd.study.study as study_module
from dsd.study import worker
from dsd.study.plan import StudyPlan, make_plan
from dsd.study.run_folder import MeasuredOutputs, RunFolder
from dsd.study.study import StudyError, need_extra, run_study
from dsd.training.run_lock import RunLock
from dsd.training.trainer import Trainer
from netdef.definition.read import read_solver
from netdef.errors import FileError, NetdefError

TESTED = "test_iter: 3 test_interval: 2 test_initialization: false"
ROOT = Path(__file__).parents[3]


def quiet() -> Console:
    return Console(file=open(os.devnull, "w"))


def plan_of(folder: Path, seeds: int = 2, **options):
    more = options.pop("more", TESTED)
    return make_plan(read_solver(toy(folder, more=more, **options.pop("toy", {}))), seeds, **options)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pictures, which take longer than the runs."""
    monkeypatch.setattr(study_module, "write_pictures", lambda *_: [])


def do(plan, out):
    return run_study(plan, out, quiet(), side_by_side=1)


def read(out: Path) -> dict:
    return json.loads((out / "study.json").read_text())


def test_what_a_study_writes(tmp_path, study_in_process):
    plan = plan_of(tmp_path, arms=["stop-after-sparse"])
    done = do(plan, tmp_path / "out")
    done.raise_failures()
    assert study_in_process == [("dsd", 1), ("control", 1), ("dsd", 2), ("control", 2)]
    assert [path.name for path in done.files] == ["study.json", "study.png", "study.svg"]
    assert done.files[1].read_bytes()[:4] == b"\x89PNG" and b"<svg" in done.files[2].read_bytes()[:600]
    found = read(tmp_path / "out")
    assert (found["format"], found["version"], found["seeds"]) == ("dsd-study", 1, [1, 2])
    assert found["metric"] == {"name": "accuracy", "accuracy": True, "label": "test error (%)"}
    assert found["arms"]["stop-after-sparse"]["run"] == "dsd" and found["arms"]["control"]["control"] is None
    assert [p["sparsity"] for p in found["arms"]["dsd"]["phases"]] == [None, 0.3, None]
    assert [p["sparse"] for p in found["arms"]["dsd"]["phases"]] == [False, True, False]
    runs = {(run["arm"], run["seed"]): run for run in found["runs"]}
    places = [(test["iteration"], test["phase"]) for test in runs["dsd", 1]["tests"]]
    assert places == [(2, "dense"), (4, "dense"), (5, "dense"), (6, "sparse"), (8, "sparse"), (9, "sparse"),
                      (10, "re-dense"), (12, "re-dense")]
    assert runs["dsd", 1]["kept"]["sparse"] == {"conv2": [56, 80], "ip1": [504, 720], "ip2": [14, 27]}
    assert runs["dsd", 1]["branch"] is None and runs["control", 1]["branch"] == {"arm": "dsd", "iteration": 5}
    # Errors by hand, from the curves in the file.
    error = {key: 100 * (1 - run["tests"][-1]["outputs"]["accuracy"]) for key, run in runs.items()}
    mean = sum(error["dsd", seed] - error["control", seed] for seed in (1, 2)) / 2
    own, pruned = found["comparisons"]
    assert (own["arm"], own["iteration"], own["pairs"], own["difference"]) == ("dsd", 12, 2, pytest.approx(mean))
    at_nine = {
        key: next(t["outputs"]["accuracy"] for t in run["tests"] if t["iteration"] == 9) for key, run in runs.items()}
    mean = sum(100 * (at_nine["control", seed] - at_nine["dsd", seed]) for seed in (1, 2)) / 2
    assert (pruned["arm"], pruned["iteration"], pruned["difference"]) == ("stop-after-sparse", 9, pytest.approx(mean))
    assert [c.arm for c in done.comparisons] == ["dsd", "stop-after-sparse"]


def test_a_policy_without_a_sparsity_is_sparse_in_the_file(tmp_path, study_in_process, undrawn):
    phases = "dsd_phase { max_iter: 2 } dsd_phase { max_iter: 2 mask_policy: DYNAMIC c_rate: 0.5 }"
    do(plan_of(tmp_path, seeds=1, toy={"phases": phases}), tmp_path / "out")
    last = read(tmp_path / "out")["arms"]["dsd"]["phases"][-1]
    assert (last["sparse"], last["sparsity"], last["mask_policy"]) == (True, None, "DYNAMIC")


def test_arms_are_one_run_until_the_masks_come(tmp_path, study_in_process, undrawn):
    plan = plan_of(tmp_path, seeds=1)
    do(plan, tmp_path / "out")
    own, control = (RunFolder.of(tmp_path / "out", plan, arm, 1).tests() for arm in ("dsd", "control"))
    assert own[:3] == control[:3]
    assert own[3:] != control[3:]


def test_runs_that_branch_are_to_the_bit_those_trained_apart(tmp_path, study_in_process, monkeypatch, undrawn):
    phases = """dsd_phase { name: "warm" max_iter: 2 } dsd_phase { name: "dense" max_iter: 3 base_lr: 0.05 }
                dsd_phase { name: "sparse" max_iter: 4 sparsity: 0.4 solver_state: CARRY }"""
    solver = read_solver(toy(tmp_path, phases=phases, more="average_loss: 4 display: 1 " + TESTED))
    plan = make_plan(solver, 2, ["random-masks"])
    do(plan, tmp_path / "once")
    monkeypatch.setattr(StudyPlan, "branches", {})
    do(make_plan(solver, 2, ["random-masks"]), tmp_path / "apart")
    for arm, seed in plan.runs:
        once, apart = (RunFolder.of(tmp_path / out, plan, arm, seed) for out in ("once", "apart"))
        (mine,), (theirs,) = (folder.path.glob("run_iter_*") for folder in (once, apart))
        assert mine.name == theirs.name == "run_iter_9.caffemodel"
        assert mine.read_bytes() == theirs.read_bytes(), (arm, seed)
        found = [(result.tests, result.kept) for folder in (once, apart) if (result := folder.result(folder.job().digest))]
        assert found[0] == found[1], (arm, seed)
        losses = [{e["iteration"]: e["loss"] for e in folder.events() if e["event"] == "train"} for folder in (once, apart)]
        assert losses[0] == losses[1] and list(losses[0]) == list(range(9))
        began = [[e["iteration"] for e in folder.events() if e["event"] == "start"] for folder in (once, apart)]
        assert began == [[0] if arm == "dsd" else [0, 5], [0]]


def test_a_run_is_that_of_dsd_train(tmp_path, study_in_process, undrawn):
    plan = plan_of(tmp_path, seeds=2)
    do(plan, tmp_path / "out")
    trainer = Trainer(read_solver(toy(tmp_path / "again", more=TESTED)), "cpu", seed=2)
    trainer.run()
    (mine,) = RunFolder.of(tmp_path / "out", plan, "dsd", 2).path.glob("*.caffemodel")
    assert mine.read_bytes() == (tmp_path / "again" / "run" / "toy_iter_12.caffemodel").read_bytes()


def test_finished_runs_are_kept_and_more_seeds_and_arms_are_added(tmp_path, study_in_process, undrawn):
    do(plan_of(tmp_path, seeds=1), tmp_path / "out")
    before = read(tmp_path / "out")["runs"]
    study_in_process.clear()
    do(plan_of(tmp_path, seeds=2, sparsities=[0.6]), tmp_path / "out")
    assert study_in_process == [("sparsity-0.6", 1), ("dsd", 2), ("sparsity-0.6", 2), ("control", 2)]
    after = read(tmp_path / "out")["runs"]
    assert [run for run in after if run["seed"] == 1 and run["arm"] in ("control", "dsd")] == before
    study_in_process.clear()
    do(plan_of(tmp_path, seeds=2, metric="loss"), tmp_path / "out")
    assert study_in_process == [] and read(tmp_path / "out")["metric"]["name"] == "loss"


def test_a_further_control_is_trained_by_its_own_solver(tmp_path, study_in_process, undrawn):
    do(plan_of(tmp_path, seeds=1), tmp_path / "out")
    study_in_process.clear()
    solver = toy(tmp_path / "own", phases="max_iter: 12", more=TESTED, type="Adam")
    do(plan_of(tmp_path, seeds=1, controls={"tuned": read_solver(solver)}), tmp_path / "out")
    assert study_in_process == [("tuned", 1)]
    found = read(tmp_path / "out")
    assert [(c["arm"], c["control"], c["pairs"]) for c in found["comparisons"]] == [
        ("dsd", "control", 1), ("tuned", "control", 1), ("dsd", "tuned", 1)]
    assert found["arms"]["dsd"]["solver"] is None and 'type: "Adam"' in found["arms"]["tuned"]["solver"]["text"]
    trainer = Trainer(read_solver(solver), "cpu", seed=1)
    trainer.run()
    (mine,) = (tmp_path / "out" / "runs").glob("tuned-seed-1-*/*.caffemodel")
    assert mine.read_bytes() == (tmp_path / "own" / "run" / "toy_iter_12.caffemodel").read_bytes()


def test_another_study_in_the_folder_is_refused(tmp_path, study_in_process, undrawn):
    do(plan_of(tmp_path, seeds=1), tmp_path / "out")
    written = (tmp_path / "out" / "study.json").read_text()
    with pytest.raises(FileError, match="is a study of another solver, or this one was changed since"):
        do(plan_of(tmp_path, seeds=1, more=TESTED + " momentum2: 0.5"), tmp_path / "out")
    assert (tmp_path / "out" / "study.json").read_text() == written
    for content, said in [
        (written.replace('"version": 1', '"version": 7', 1), "a study of version 7, this dsd-study writes version 1"),
        (written[:100], "not JSON, or damaged"),
        ("[]", "holds no JSON object"),
        ('{"a": 1}', "is not a study file"),
    ]:
        (tmp_path / "out" / "study.json").write_text(content)
        with pytest.raises(FileError, match=said):
            do(plan_of(tmp_path, seeds=1), tmp_path / "out")


def test_a_study_that_runs_elsewhere_is_refused(tmp_path, study_in_process, undrawn):
    held = RunLock(tmp_path / "out" / "study")
    held.take()
    try:
        with pytest.raises(FileError, match=r"study\.lock: another run .* runs this study; wait for it to end, or"):
            do(plan_of(tmp_path, seeds=1), tmp_path / "out")
        assert not (tmp_path / "out" / "study.json").exists()
    finally:
        held.release()
    do(plan_of(tmp_path, seeds=1), tmp_path / "out")
    assert not held.path.exists()


def test_a_failed_run_leaves_the_others(tmp_path, study_in_process, monkeypatch, undrawn):
    plan = plan_of(tmp_path, seeds=2)
    whole = worker.run

    def full(folder, keeper):
        if folder.job().arm == "dsd":
            raise FileError(f"{folder.path}: cannot be written: No space left on device")
        return whole(folder, keeper)

    monkeypatch.setattr(worker, "run", full)
    with pytest.raises(StudyError) as error:
        do(plan, tmp_path / "out").raise_failures()
    said = str(error.value)
    assert "dsd, seed 1: " in said and "No space left on device" in said
    assert "runs that did not finish: 2. All others are kept" in said
    assert [(run["arm"], run["seed"]) for run in read(tmp_path / "out")["runs"]] == [("control", 1), ("control", 2)]
    assert [run["branch"] for run in read(tmp_path / "out")["runs"]] == [None, None]  # nothing to go on from
    monkeypatch.setattr(worker, "run", whole)
    study_in_process.clear()
    do(plan, tmp_path / "out")
    assert study_in_process == [("dsd", 1), ("dsd", 2)]


def test_the_answer_is_there_without_pictures(tmp_path, study_in_process, monkeypatch):
    def full(*_):
        raise FileError("study.png: cannot be written: No space left on device")

    monkeypatch.setattr(study_module, "write_pictures", full)
    done = do(plan_of(tmp_path), tmp_path / "out")
    assert [c.pairs for c in done.comparisons] == [2] and done.files == [tmp_path / "out" / "study.json"]
    with pytest.raises(StudyError, match=r"^study.png: cannot be written: No space left on device$"):
        done.raise_failures()


def test_diverged_runs_are_left_out_of_the_pairs(tmp_path, study_in_process, monkeypatch, undrawn):
    plan = plan_of(tmp_path, seeds=2, metric="loss")
    tests = RunFolder.tests

    def diverged(folder):
        found = tests(folder)
        if folder.job().seed == 2:
            found[-1] = MeasuredOutputs(found[-1].iteration, found[-1].phase, {"loss": None, "accuracy": 0.1})
        return found

    monkeypatch.setattr(RunFolder, "tests", diverged)
    (comparison,) = do(plan, tmp_path / "out").comparisons
    assert comparison.pairs == 1
    assert [run["final"] for run in read(tmp_path / "out")["runs"] if run["seed"] == 2] == [None, None]


@pytest.mark.parametrize("where", ["", "include { phase: TRAIN }"])
def test_a_diverged_net_has_no_error(tmp_path, study_in_process, where):
    """The run ends there, is not tried again, and a study of such runs has no answer."""
    loss = 'bottom: "ip2" bottom: "label" top: "loss"'
    toy_of = {"net": NET.replace(loss, f"{loss} {where}"),
              "phases": 'dsd_phase { max_iter: 6 base_lr: 1e30 } dsd_phase { max_iter: 1 sparsity: 0.5 }'}
    plan = plan_of(tmp_path, seeds=1, arms=["random-masks"], toy=toy_of)
    done = do(plan, tmp_path / "out")
    assert done.failures == {} and done.diverged
    with pytest.raises(StudyError, match="^every finished run has diverged") as error:
        done.raise_failures()
    assert error.value.exit_status == 1
    assert [c.pairs for c in done.comparisons] == [0, 0]
    runs = read(tmp_path / "out")["runs"]
    assert [(run["arm"], run["final"]) for run in runs] == [
        ("control", None), ("dsd", None), ("random-masks", None)]
    assert all(run["iterations"] == run["tests"][-1]["iteration"] < 6 for run in runs)
    assert [run["tests"][-1]["outputs"]["accuracy"] for run in runs] == [None] * 3
    study_in_process.clear()
    assert do(plan, tmp_path / "out").diverged and study_in_process == []


def test_missing_packages_name_the_extra(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    said = r"needs scipy and matplotlib; install them with: pip install 'netdef-dsd\[study\]'"
    with pytest.raises(NetdefError, match=said):
        need_extra()
