"""A study from its plan to its files: do what is missing, keep what is done, write what is known."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from dsd.study.board import Board
from dsd.study.jobs import Task, run_all
from dsd.study.plan import Plan
from dsd.study.plot import plot
from dsd.study.record import check_study, write_study
from dsd.study.runs import Result, RunFolder
from dsd.study.statistics import Comparison
from netdef.errors import FileError, NetdefError


class StudyError(NetdefError):
    """Runs that failed; what is finished is kept."""


@dataclass(frozen=True)
class Outcome:
    """What a study came to: the comparisons over the runs that are finished, the files written, what those that failed
    complained of, {``arm, seed n``: complaint}, and why there is no picture, if so: the answer is told all the same."""

    comparisons: list[Comparison]
    files: list[Path]
    failures: dict[str, str]
    undrawn: FileError | None = None

    def raise_failures(self) -> None:
        """Raise `StudyError` when there are any."""
        told = [f"{who}: {complaint}" for who, complaint in self.failures.items()]
        if told:
            told.append(f"runs that did not finish: {len(told)}. All others are kept, and the same command tries these"
                        " again from where they were")
        if self.undrawn:
            told.append(str(self.undrawn))
        if told:
            raise StudyError("\n".join(told))


def need_extra() -> None:
    """Raise `NetdefError` unless scipy and matplotlib are there: before hours of training, not after."""
    absent = [name for name in ("scipy", "matplotlib") if importlib.util.find_spec(name) is None]
    if absent:
        raise NetdefError(f"dsd-study needs {' and '.join(absent)}; install them with: pip install 'netdef-dsd[study]'")


def run_study(
    plan: Plan, out: Path, console: Console, *, side_by_side: int, device: str | None = None
) -> Outcome:
    """Do every run that is not finished, and write ``study.json``, ``study.png`` and ``study.svg`` to ``out``.

    ``study.json`` is written after every run, so that a study can be killed at any moment. Raises `FileError` when ``out``
    holds another study or cannot be written. Runs that fail do not stop the others.
    """
    need_extra()
    file = out / "study.json"
    check_study(file, plan)
    try:
        out.mkdir(parents=True, exist_ok=True)
        results, tasks = _find(plan, out, device)
    except OSError as error:
        raise FileError(f"{error.filename or out}: {error.strerror}") from None
    comparisons = write_study(file, plan, results)
    if results:
        console.print(f"{len(results)} of {len(results) + len(tasks)} runs were finished before", highlight=False)

    def ended(task: Task, complaint: str | None) -> None:
        nonlocal comparisons
        key = (task.job.arm, task.job.seed)
        result = task.folder.result(task.job.digest) if complaint is None else None
        if result is not None:
            results[key] = result
            comparisons = write_study(file, plan, results)
        board.ended(task, complaint, result)

    try:
        with Board(console, tasks, len(results), plan.metric.name) as board:
            failures = run_all(tasks, side_by_side, board.at, ended)
    except KeyboardInterrupt:
        console.print("Every run stopped with a snapshot; the same command goes on from here.")
        raise
    try:
        return Outcome(comparisons, [file, *plot(plan, results, out / "study")], failures)
    except FileError as error:
        return Outcome(comparisons, [file], failures, error)


def _find(plan: Plan, out: Path, device: str | None) -> tuple[dict[tuple[str, int], Result], list[Task]]:
    """Finished runs, and what is to be done."""
    results, tasks = {}, []
    for arm, seed in plan.runs:
        folder = RunFolder.of(out, plan, arm, seed)
        result = folder.result(plan.run_digest(arm, seed))
        if result is not None:
            results[arm, seed] = result
        else:
            tasks.append(Task(folder.prepare(plan, arm, seed, device), folder))
    return results, tasks
