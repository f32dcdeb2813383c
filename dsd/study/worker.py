"""One run of a study in a process of its own: ``python -m dsd.study.worker FOLDER``.

Prints its iteration every few seconds. On SIGTERM, or when standard output is closed, it stops with a snapshot. Exit status: 0
finished, 2 a user error, printed on standard error, `STOPPED` stopped before the end.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from torch import Tensor

from dsd.observers.finite_watch import FiniteWatch, NotFiniteError
from dsd.observers.metrics import JsonLines
from dsd.observers.weight_record import WeightRecord
from dsd.study.run_folder import Job, MeasuredOutputs, RunFolder, RunResult, write_json
from dsd.training.events import Observer
from dsd.training.run import Run
from dsd.training.trainer import Trainer
from netdef.definition.read import read_solver_text
from netdef.errors import FileError, NetdefError
from netdef.plugins import load_plugins_of_environment

STOPPED = 75
SNAPSHOT_EVERY = 60.0  # seconds
SAY_EVERY = 0.3


class SnapshotKeeper(Observer):
    """Takes a snapshot every minute, keeps only the last one, and stops the run when ``stop`` is set."""

    def __init__(self, folder: RunFolder, every: float = SNAPSHOT_EVERY):
        self.folder, self.every = folder, every
        self.stop = False
        self._last = time.monotonic()

    def requested(self) -> str | None:
        if self.stop:
            return "stop"
        return "snapshot" if time.monotonic() - self._last >= self.every else None

    def snapshotted(self, run: Run, weights: Path, state: Path) -> None:
        for path in self.folder.path.glob("run_iter_*"):
            if path.name not in (weights.name, state.name):
                path.unlink()
        self._last = time.monotonic()


class IterationReport(Observer):
    """Prints the iteration for the parent process; stops the run when the parent has ended."""

    def __init__(self, keeper: SnapshotKeeper):
        self.keeper = keeper
        self._last = 0.0

    def iterated(self, run: Run, outputs: dict[str, Tensor], rate: float) -> None:
        if time.monotonic() - self._last >= SAY_EVERY and not self.keeper.stop:
            self._last = time.monotonic()
            try:
                print(run.iteration, flush=True)
            except BrokenPipeError:
                self.keeper.stop = True
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run(folder: RunFolder, keeper: SnapshotKeeper) -> bool:
    """Do the run of a folder's job, from its newest whole snapshot. Returns whether it finished."""
    job = folder.job()
    if folder.result(job.digest) is not None:
        return True
    trainer = _trainer(job, folder)
    lines = JsonLines(folder.lines)
    trainer.observers = [FiniteWatch(), lines, WeightRecord(lines), keeper, IterationReport(keeper)]
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
        folder.kept())))
    for state in folder.states():
        state.unlink()
    return True


def _trainer(job: Job, folder: RunFolder) -> Trainer:
    name = f"{job.arm}, seed {job.seed}"
    solver = read_solver_text(job.solver, job.base_dir, name, lenient=job.lenient, allow_python=job.allow_python)
    for state in folder.states():
        trainer = Trainer(solver, job.device, seed=job.seed)
        try:
            trainer.restore(state)
        except FileError as error:
            print(f"{error}; not used", file=sys.stderr)
            continue
        return trainer
    return Trainer(solver, job.device, seed=job.seed)


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


def main() -> int:
    """Train the run whose folder is the first argument; the exit status."""
    folder = RunFolder(Path(sys.argv[1]))
    keeper = SnapshotKeeper(folder)
    signal.signal(signal.SIGTERM, lambda *_: setattr(keeper, "stop", True))
    try:
        load_plugins_of_environment()
        with _alone(folder, keeper) as alone:
            return 0 if alone and run(folder, keeper) else STOPPED
    except NetdefError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.filename or sys.argv[1]}: {error.strerror}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
