"""A process that does runs of a study, one after another: ``python -m dsd.study.worker``.

Reads the folder of a run from each line of standard input. Prints the iteration of a run every few tenths of a second, and a
line of JSON, [status, complaint], at its end; status is `FINISHED`, `STOPPED` before the end, or `REFUSED` with a user error
as the complaint. On SIGTERM, or when its output is closed, it stops with a snapshot. It ends with standard input.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from dsd.compute.allocator import keep_freed_memory
from dsd.observers.calibration_record import CalibrationRecord
from dsd.observers.finite_watch import FiniteWatch
from dsd.observers.metrics import JsonLines
from dsd.observers.weight_record import WeightRecord
from dsd.study.plan import Branch
from dsd.study.run_folder import Job, MeasuredOutputs, RunFolder, RunResult, write_json
from dsd.training.events import Observer
from dsd.training.run import Run
from dsd.training.snapshot import iteration_of, paths
from dsd.training.trainer import Trainer
from netdef.definition.read import read_solver_text
from netdef.errors import FileError, NetdefError
from netdef.graph.not_finite import NotFiniteError
from netdef.plugins import load_plugins_of_environment

FINISHED, STOPPED, REFUSED = 0, 1, 2
SNAPSHOT_EVERY = 60.0  # seconds
REPORT_EVERY = 0.3


class SnapshotKeeper(Observer):
    """Take a snapshot every minute, keep only the last one, and stop the run when ``stop`` is set.

    Runs that branch from this one get a copy of the snapshot of their iteration.
    """

    def __init__(self, folder: RunFolder, every: float = SNAPSHOT_EVERY):
        self.folder, self.every = folder, every
        self.stop = False
        self._last = time.monotonic()

    def started(self, run: Run) -> None:
        if run.iteration:  # a worker that was killed may have had no time to
            self._branch(run, *paths(run))

    def requested(self) -> str | None:
        if self.stop:
            return "stop"
        return "snapshot" if time.monotonic() - self._last >= self.every else None

    def snapshotted(self, run: Run, weights: Path, state: Path) -> None:
        for path in self.folder.path.glob("run_iter_*"):
            if path.name not in (weights.name, state.name):
                path.unlink()
        self._branch(run, weights, state)
        self._last = time.monotonic()

    def _branch(self, run: Run, weights: Path, state: Path) -> None:
        job = self.folder.job()
        for name, iteration in job.branches:
            if iteration == iteration_of(state):
                branch = RunFolder(self.folder.path.parent / name)
                branch.begin_at(weights, state, self.folder, Branch(job.arm, iteration))


class IterationReport(Observer):
    """Call ``report`` with the iteration every few tenths of a second."""

    def __init__(self, report: Callable[[int], None]):
        self.report = report
        self._last = 0.0

    def iterated(self, run: Run, outputs: dict[str, Tensor], rate: float) -> None:
        if time.monotonic() - self._last >= REPORT_EVERY:
            self._last = time.monotonic()
            self.report(run.iteration)


def run(folder: RunFolder, keeper: SnapshotKeeper, report: Callable[[int], None] = lambda iteration: None) -> bool:
    """Do the run of a folder's job, from its newest whole snapshot. Returns whether it finished."""
    job = folder.job()
    if folder.result(job.digest) is not None:
        return True
    trainer = _trainer(job, folder)
    lines = JsonLines(folder.lines)
    trainer.observers = [FiniteWatch(), lines, WeightRecord(lines), CalibrationRecord(lines), keeper, IterationReport(report)]
    before, began = _seconds(folder), time.monotonic()
    diverged: list[MeasuredOutputs] = []
    try:
        trainer.run()
    except NotFiniteError as error:  # a result, too: the run would diverge again
        print(f"{job.arm}, seed {job.seed}: {error}", file=sys.stderr)
        outputs = dict.fromkeys(trainer.test_nets[0].outputs)
        diverged.append(MeasuredOutputs(trainer.iteration, trainer.phase_in_force.name, outputs))
    finally:
        _add_seconds(folder, before + time.monotonic() - began)
    if trainer.iteration < trainer.max_iter and not diverged:
        return False
    write_json(folder.result_file, asdict(RunResult(
        job.digest, job.arm, job.seed, trainer.iteration, round(_seconds(folder), 2), folder.tests() + diverged,
        folder.kept(), folder.branch())))
    for state in folder.states():
        state.unlink()
    return True


def _trainer(job: Job, folder: RunFolder) -> Trainer:
    name = f"{job.arm}, seed {job.seed}"
    solver = read_solver_text(job.solver, job.base_dir, name, lenient=job.lenient, allow_python=job.allow_python)
    for state in folder.states():
        trainer = Trainer(solver, job.device, seed=job.seed, precision=job.precision)
        try:
            with warnings.catch_warnings():
                if folder.branch() is not None:  # the phases to come differ from those of the other arm, as they should
                    warnings.simplefilter("ignore")
                trainer.restore(state)
        except FileError as error:
            print(f"{error}; not used", file=sys.stderr)
            continue
        return trainer
    folder.branch_file.unlink(missing_ok=True)
    return Trainer(solver, job.device, seed=job.seed, precision=job.precision)


def _seconds(folder: RunFolder) -> float:
    """Seconds of training so far, over all processes that worked on this run."""
    try:
        return json.loads((folder.path / "seconds").read_text())
    except (OSError, ValueError):
        return 0.0


def _add_seconds(folder: RunFolder, total: float) -> None:
    (folder.path / "seconds").write_text(json.dumps(total))


@contextmanager
def _alone(folder: RunFolder, keeper: SnapshotKeeper) -> Iterator[bool]:
    """Lock the run: a process of a study that was killed may still be taking its snapshot. False if stopped while waiting."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield True
        return
    with open(folder.path / "lock", "w") as lock:
        while not keeper.stop:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.1)
        yield not keeper.stop


class RunLoop:
    """Do runs on the order of the parent process, and answer it through the file descriptor ``answers``."""

    def __init__(self, answers: int):
        self.answers = answers
        self.stopped = False
        self._keeper: SnapshotKeeper | None = None

    def stop(self, *_: object) -> None:
        """Stop the run in progress with a snapshot, and do no other."""
        self.stopped = True
        if self._keeper is not None:
            self._keeper.stop = True

    def answer(self, content: object) -> None:
        """Write one line for the parent process; stop if it has ended."""
        try:
            os.write(self.answers, (json.dumps(content) + "\n").encode())
        except BrokenPipeError:
            self.stop()

    def do(self, folder: RunFolder) -> None:
        """Do a run and answer with its status and complaint."""
        keeper = self._keeper = SnapshotKeeper(folder)
        keeper.stop = self.stopped
        complaint = None
        try:
            with _alone(folder, keeper) as alone:
                status = FINISHED if alone and run(folder, keeper, self.answer) else STOPPED
        except NetdefError as error:
            status, complaint = REFUSED, str(error)
        except OSError as error:
            status, complaint = REFUSED, f"{error.filename or folder.path}: {error.strerror}"
        self.answer([status, complaint])


def main() -> None:
    """Do the runs whose folders standard input names. What the nets' own code prints goes to standard error."""
    worker = RunLoop(os.dup(sys.stdout.fileno()))
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    signal.signal(signal.SIGTERM, worker.stop)
    keep_freed_memory()
    load_plugins_of_environment()
    for line in sys.stdin:
        worker.do(RunFolder(Path(json.loads(line))))
        gc.collect()
        if torch.cuda.is_initialized():
            torch.cuda.empty_cache()  # for the other workers


if __name__ == "__main__":
    main()
