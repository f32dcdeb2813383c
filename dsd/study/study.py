"""Run a study: do the missing runs, keep the finished ones, write its files."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from dsd.study.plan import StudyPlan
from dsd.study.plot import write_pictures
from dsd.study.processes import Task, run_all
from dsd.study.progress import StudyProgress
from dsd.study.recorded_study import RecordedStudy
from dsd.study.run_folder import RunFolder, RunResult
from dsd.study.statistics import PairedComparison
from dsd.study.study_file import check_study, final_error, write_study
from dsd.training.run_lock import RunLock
from netdef.errors import FileError, NetdefError


class StudyError(NetdefError):
    """The error for failed or diverged runs of a study; finished runs are kept. The commands exit with 1: no file is at fault."""

    exit_status = 1


@dataclass(frozen=True)
class StudyResult:
    """The comparisons over the finished runs, the files written, and the failures.

    ``failures`` is {``arm, seed n``: complaint} of the runs that failed. ``diverged`` says that runs are finished, and none
    of them with a finite error. ``undrawn`` is the reason if there are no pictures.
    """

    comparisons: list[PairedComparison]
    files: list[Path]
    failures: dict[str, str]
    diverged: bool = False
    undrawn: FileError | None = None

    def raise_failures(self) -> None:
        """Raise `StudyError` when there are any."""
        complaints = [f"{run}: {complaint}" for run, complaint in self.failures.items()]
        if complaints:
            complaints.append(f"runs that did not finish: {len(complaints)}. All others are kept, and the same command tries"
                              " these again from where they were")
        if self.diverged:
            complaints.append("every finished run has diverged: the test error of none is a finite number")
        if self.undrawn:
            complaints.append(str(self.undrawn))
        if complaints:
            raise StudyError("\n".join(complaints))


def need_extra() -> None:
    """Raise `NetdefError` unless scipy and matplotlib are installed. Call it before hours of training, not after."""
    absent = [name for name in ("scipy", "matplotlib") if importlib.util.find_spec(name) is None]
    if absent:
        raise NetdefError(f"dsd-study needs {' and '.join(absent)}; install them with: pip install 'netdef-dsd[study]'")


def run_study(
    plan: StudyPlan, out: Path, console: Console, *, side_by_side: int, device: str | None = None
) -> StudyResult:
    """Do every run that is not finished, and write ``study.json``, ``study.png`` and ``study.svg`` to ``out``.

    ``study.json`` is written after every run, so that a study can be killed at any moment. Raises `FileError` when ``out``
    holds another study, cannot be written, or is in use by another process. Runs that fail do not stop the others.
    """
    need_extra()
    lock = RunLock(out / "study", "runs this study; wait for it to end, or give another folder with --out")
    lock.take()
    try:
        return _run(plan, out, console, side_by_side, device)
    finally:
        lock.release()


def _run(plan: StudyPlan, out: Path, console: Console, side_by_side: int, device: str | None) -> StudyResult:
    file = out / "study.json"
    check_study(file, plan)
    try:
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
        with StudyProgress(console, tasks, len(results), plan.metric.name) as board:
            failures = run_all(tasks, side_by_side, board.at, ended)
    except KeyboardInterrupt:
        console.print("Every run stopped with a snapshot; the same command goes on from here.")
        raise
    diverged = bool(results) and all(final_error(result, plan.metric) is None for result in results.values())
    try:
        pictures = write_pictures(RecordedStudy(file), out / "study")
    except FileError as error:
        return StudyResult(comparisons, [file], failures, diverged, error)
    return StudyResult(comparisons, [file, *pictures], failures, diverged)


def _find(plan: StudyPlan, out: Path, device: str | None) -> tuple[dict[tuple[str, int], RunResult], list[Task]]:
    """The results of the finished runs, and the tasks of all others."""
    results, tasks = {}, []
    for arm, seed in plan.runs:
        folder = RunFolder.of(out, plan, arm, seed)
        result = folder.result(plan.run_digest(arm, seed))
        if result is not None:
            results[arm, seed] = result
        else:
            source = RunFolder.of(out, plan, plan.branches[arm].arm, seed).path if arm in plan.branches else None
            tasks.append(Task(folder.prepare(plan, arm, seed, device), folder, source))
    return results, tasks
