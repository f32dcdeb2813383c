"""Runs in processes of their own: reports, failures, threads."""

from __future__ import annotations

import pytest
from toys import toy

from dsd.study import processes
from dsd.study.plan import make_plan
from dsd.study.processes import Task, run_all
from dsd.study.run_folder import RunFolder
from netdef.definition.read import read_solver


def test_workers_report_iterations_and_complaints(tmp_path):
    plan = make_plan(read_solver(toy(tmp_path, more="test_iter: 3 test_interval: 2")), 1)
    tasks = []
    for arm in ("dsd", "control"):
        folder = RunFolder.of(tmp_path / "out", plan, arm, 1)
        tasks.append(Task(folder.prepare(plan, arm, 1, "cpu"), folder))
    broken = tasks[1].folder.job_file
    broken.write_text(broken.read_text().replace("net.prototxt", "no.prototxt"))
    seen, ends = [], []
    failures = run_all(tasks, 2, lambda task, i: seen.append(i), lambda task, complaint: ends.append(task.job.arm))
    assert list(failures) == ["control, seed 1"] and "`no.prototxt`" in failures["control, seed 1"]
    assert sorted(ends) == ["control", "dsd"] and seen
    assert tasks[0].folder.result(tasks[0].job.digest).iterations == 12


@pytest.mark.parametrize(("said", "side_by_side", "threads"), [
    (None, 2, 4), ("", 2, 4), ("1", 2, 1), ("6", 2, 4), ("6", 1, 6), ("2,1", 1, 8), (None, 20, 1)])
def test_threads_of_a_run(monkeypatch, said, side_by_side, threads):
    """A share of eight cores, and no more than the user allows."""
    monkeypatch.setattr(processes, "cores", lambda: 8)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if said is not None:
        monkeypatch.setenv("OMP_NUM_THREADS", said)
    assert processes._threads(side_by_side) == threads
