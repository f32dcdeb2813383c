"""The lines of a study without a terminal."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from dsd.study.processes import Task
from dsd.study.progress import StudyProgress, title
from dsd.study.run_folder import Job, MeasuredOutputs, RunFolder, RunResult


def task(arm: str, seed: int) -> Task:
    return Task(Job("d", arm, seed, 40, "", None, ""), RunFolder(Path("runs")))


def result(loss: float | None) -> RunResult:
    return RunResult("d", "dsd", 1, 40, 7.4, [MeasuredOutputs(40, "dense", {"loss": loss})])


def test_each_run_that_ends_has_a_line():
    text = io.StringIO()
    tasks = [task("control", 1), task("dsd", 1), task("dsd", 2)]
    with StudyProgress(Console(file=text, width=100), tasks, 2, "loss") as progress:
        progress.at(tasks[0], 20)
        progress.ended(tasks[0], None, result(0.12345))
        progress.ended(tasks[1], None, result(None))
        progress.ended(tasks[2], "killed by signal 9", None)
    assert text.getvalue().splitlines() == [
        "control, seed 1: loss 0.1235 (7 s), run 3 of 5", "dsd, seed 1: loss not finite (7 s), run 4 of 5",
        "dsd, seed 2: killed by signal 9"]


def test_a_run_is_named_by_arm_and_seed():
    assert title(task("dsd", 3)) == "dsd, seed 3"
