"""A run of a study in a worker: interrupted, with a damaged snapshot, its study killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from toys import toy

from dsd.study import worker
from dsd.study.plan import Branch, StudyPlan, make_plan
from dsd.study.run_folder import RunFolder
from netdef.definition.read import read_solver

ROOT = Path(__file__).parents[3]


def plan_of(folder: Path) -> StudyPlan:
    return make_plan(read_solver(toy(folder, more="test_iter: 3 test_interval: 2 test_initialization: false")), 1)


class Interrupted(worker.SnapshotKeeper):
    """Stops after so many iterations."""

    def __init__(self, folder, after: int):
        super().__init__(folder)
        self.left = after

    def requested(self):
        self.left -= 1
        self.stop = self.left <= 0
        return super().requested()


@pytest.mark.parametrize("after", [3, 5, 7, 9])
def test_an_interrupted_run_goes_on_to_the_same_result(tmp_path, after):
    plan = plan_of(tmp_path)
    folders = []
    for name in ("whole", "cut"):
        folder = RunFolder.of(tmp_path / name, plan, "dsd", 1)
        folder.prepare(plan, "dsd", 1, "cpu")
        folders.append(folder)
    whole, cut = folders
    assert worker.run(whole, worker.SnapshotKeeper(whole)) is True
    assert worker.run(cut, Interrupted(cut, after)) is False
    assert [path.name for path in cut.states()] == [f"run_iter_{after}.solverstate"]
    assert cut.result(cut.job().digest) is None
    if after == 5:  # as if the kill came between the snapshot and the test at the end of the phase
        lines = [line for line in cut.lines.read_text().splitlines() if '"iteration": 5' not in line]
        cut.lines.write_text("\n".join(lines) + '\n{"event": "tes')
    assert worker.run(cut, worker.SnapshotKeeper(cut)) is True
    (digest,) = {whole.job().digest, cut.job().digest}
    assert cut.result(digest).tests == whole.result(digest).tests
    assert cut.result(digest).kept == whole.result(digest).kept
    assert [p.name for p in sorted(cut.path.glob("run_iter*"))] == ["run_iter_12.caffemodel"]


def test_a_run_computes_in_the_precision_of_its_study(tmp_path):
    plan = replace(plan_of(tmp_path), precision="bf16")
    folder = RunFolder.of(tmp_path / "half", plan, "dsd", 1)
    folder.prepare(plan, "dsd", 1, "cpu")
    assert worker.run(folder, worker.SnapshotKeeper(folder)) is True
    (start,) = [event for event in folder.events() if event["event"] == "start"]
    assert start["precision"] == "bf16"


def branching(folder: Path) -> tuple[RunFolder, RunFolder]:
    """The folders of a run and of the control that branches from it."""
    plan = plan_of(folder)
    dsd, control = (RunFolder.of(folder / "out", plan, arm, 1) for arm in ("dsd", "control"))
    dsd.prepare(plan, "dsd", 1, "cpu")
    control.prepare(plan, "control", 1, "cpu")
    return dsd, control


def test_a_run_that_stops_at_a_branch_has_begun_the_other(tmp_path):
    dsd, control = branching(tmp_path)
    assert worker.run(dsd, Interrupted(dsd, 4)) is False
    assert control.states() == []
    assert worker.run(dsd, Interrupted(dsd, 1)) is False
    (state,) = control.states()
    assert state.name == "run_iter_5.solverstate" and control.branch() == Branch("dsd", 5)
    assert worker.run(control, worker.SnapshotKeeper(control))
    assert control.result(control.job().digest).branch == Branch("dsd", 5)
    before = control.result_file.read_text()
    assert worker.run(dsd, worker.SnapshotKeeper(dsd))  # leaves a finished run alone
    assert control.result_file.read_text() == before and control.states() == []


def test_a_run_killed_before_the_other_has_begun_makes_up_for_it(tmp_path):
    dsd, control = branching(tmp_path)
    worker.run(dsd, Interrupted(dsd, 5))
    control.states()[0].unlink()
    worker.run(dsd, Interrupted(dsd, 1))
    assert [state.name for state in control.states()] == ["run_iter_5.solverstate"]


def test_a_damaged_branch_is_trained_from_the_start(tmp_path, capsys):
    dsd, control = branching(tmp_path)
    worker.run(dsd, Interrupted(dsd, 5))
    (state,) = control.states()
    state.write_bytes(state.read_bytes()[:50])
    assert worker.run(control, worker.SnapshotKeeper(control))
    assert "not used" in capsys.readouterr().err
    result = control.result(control.job().digest)
    assert result.branch is None and result.tests[0].iteration == 2


def test_a_damaged_snapshot_begins_again(tmp_path, capsys):
    plan = plan_of(tmp_path)
    folder = RunFolder.of(tmp_path, plan, "dsd", 1)
    digest = folder.prepare(plan, "dsd", 1, "cpu").digest
    worker.run(folder, Interrupted(folder, 4))
    (state,) = folder.states()
    state.write_bytes(state.read_bytes()[:50])
    assert worker.run(folder, worker.SnapshotKeeper(folder))
    assert "not used" in capsys.readouterr().err
    assert folder.result(digest).tests[0].iteration == 2


@pytest.mark.slow
def test_the_workers_of_a_killed_study_stop_with_a_snapshot(tmp_path):
    """Real workers, a seed each. The study is killed; they notice the closed pipe."""
    long = """dsd_phase { name: "dense" max_iter: 1000000000 } dsd_phase { name: "sparse" max_iter: 4 sparsity: 0.5 }"""
    solver = toy(tmp_path, phases=long, more="test_iter: 3 test_interval: 1000000000")
    out = tmp_path / "out"
    script = f"""
import sys
from rich.console import Console
from dsd.study.plan import make_plan
from dsd.study.study import run_study
from netdef.definition.read import read_solver
from pathlib import Path
run_study(make_plan(read_solver({str(solver)!r}), 2), Path({str(out)!r}), Console(), side_by_side=2)
"""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.DEVNULL)
    try:
        def begun() -> list[Path]:
            return [path for path in out.glob("runs/*/run.jsonl") if '"phase"' in path.read_text()]

        wait_for(lambda: len(begun()) == 2)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    wait_for(lambda: len(list(out.glob("runs/*/*.solverstate"))) == 2)
    for path in out.glob("runs/*/*.solverstate"):
        assert 0 < int(path.stem.rpartition("_")[2]) < 1000000000


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds, longer than any busy machine needs."""
    end = time.monotonic() + 600
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.1)
