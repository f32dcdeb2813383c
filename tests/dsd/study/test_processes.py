"""Runs in processes of their own: reports, failures, threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import ClassVar

import pytest
from toys import toy

from dsd.study import processes
from dsd.study.plan import make_plan
from dsd.study.processes import Task, run_all
from dsd.study.run_folder import Job, RunFolder, write_json
from netdef.definition.read import read_solver


@pytest.mark.slow
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


def run_of(arm: str, folder: Path, solver: str = "") -> Task:
    job = Job("d", arm, 1, 12, str(folder), "cpu", solver)
    found = RunFolder(folder / arm)
    found.path.mkdir()
    write_json(found.job_file, asdict(job))
    return Task(job, found)


def test_a_worker_that_dies_takes_no_other_run_with_it(tmp_path):
    """One worker: a user error leaves it alive, an unexpected one ends it, and the next run has another."""
    refused, broken = run_of("refused", tmp_path, "net: 'no.prototxt' base_lr: 1 max_iter: 3"), run_of("broken", tmp_path)
    broken.folder.job_file.write_text("{}")
    plan = make_plan(read_solver(toy(tmp_path, more="test_iter: 3 test_interval: 2")), 1)
    whole = RunFolder.of(tmp_path, plan, "dsd", 1)
    failures = run_all([refused, broken, Task(whole.prepare(plan, "dsd", 1, "cpu"), whole)], 1)
    assert list(failures) == ["refused, seed 1", "broken, seed 1"], failures
    assert "`no.prototxt`" in failures["refused, seed 1"] and failures["broken, seed 1"].startswith("TypeError: ")
    assert whole.result(whole.job().digest) is not None


class Fake:
    """Stands for a worker process; ``begun`` lists (number of the worker, name of the run)."""

    made = 0
    begun: ClassVar[list[tuple[int, str]]] = []

    def __init__(self, threads: int):
        Fake.made += 1
        self.number, self.alive = Fake.made, True

    def do(self, folder: RunFolder, at: Callable[[int], None]) -> str | None:
        Fake.begun.append((self.number, folder.path.name))
        return None

    def close(self) -> None:
        self.alive = False


def test_a_worker_does_many_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "WorkerProcess", Fake)
    monkeypatch.setattr(Fake, "made", 0)
    monkeypatch.setattr(Fake, "begun", [])
    tasks = [run_of(name, tmp_path) for name in ("a", "b", "c")]
    python = run_of("python", tmp_path)
    tasks.insert(1, replace(python, job=replace(python.job, allow_python=True)))
    assert run_all(tasks, 1) == {}
    assert Fake.begun == [(1, "a"), (1, "python"), (2, "b"), (2, "c")]  # code of the user's may have left something behind


def test_a_run_waits_for_the_one_it_branches_from(tmp_path):
    first, last = run_of("first", tmp_path), run_of("last", tmp_path)
    branch = replace(run_of("branch", tmp_path), source=first.folder.path)
    lonely = replace(run_of("lonely", tmp_path), source=tmp_path / "finished before")
    waiting = processes._Waiting([first, branch, lonely, last])
    assert [waiting.take() for _ in range(3)] == [first, lonely, last]
    waiting.ended(first)
    assert waiting.take() is branch
    waiting = processes._Waiting([first, branch])
    (branch.folder.path / "run_iter_5.solverstate").touch()
    assert [waiting.take() for _ in range(2)] == [first, branch]


@pytest.mark.parametrize(("said", "side_by_side", "threads"), [
    (None, 2, 4), ("", 2, 4), ("1", 2, 1), ("6", 2, 4), ("6", 1, 6), ("2,1", 1, 8), (None, 20, 1)])
def test_threads_of_a_run(monkeypatch, said, side_by_side, threads):
    """A share of eight cores, and no more than the user allows."""
    monkeypatch.setattr(processes, "cores", lambda: 8)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if said is not None:
        monkeypatch.setenv("OMP_NUM_THREADS", said)
    assert processes._threads(side_by_side) == threads
