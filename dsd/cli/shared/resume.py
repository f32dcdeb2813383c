"""Find the snapshot to resume from under a run's prefix, and keep files of earlier runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from netdef.errors import FileError

if TYPE_CHECKING:
    from dsd.training.run import Run
    from dsd.training.trainer import Trainer


def restore_newest(trainer: Trainer, metrics: Path) -> Path | None:
    """Restore the newest complete snapshot of the runs in ``metrics``. Returns its state file, or None if there is none.

    Damaged ones are reported, on the first rank, and the one before is taken. All ranks restore the same. Raises `FileError`
    for a snapshot that is complete and does not fit.
    """
    found = newest_snapshot(trainer, metrics) if trainer.world.rank == 0 else None
    state = trainer.world.agree(found)
    if state is not None:
        trainer.restore(state)
    return state


def newest_snapshot(run: Run, metrics: Path) -> Path | None:
    """The state file of the newest complete snapshot of the runs in ``metrics``. Damaged ones are reported."""
    from dsd.observers.run_history import RunHistory
    from dsd.training.restore import check_weights
    from dsd.training.snapshot import states
    from dsd.training.solverstate import read_state

    history = RunHistory(metrics)
    for path in states(run):
        try:
            state = read_state(path)
            if history.owns(state.run, state.iteration):
                check_weights(path, state)
                return path
        except FileError as error:
            click.echo(f"{error}; the snapshot before it is taken", err=True)
    return None


def keep_earlier_files(run: Run, log: Path, metrics: Path) -> None:
    """Rename log and metrics of an earlier run, unless this run resumes from its snapshot, and list what there is of that run."""
    from dsd.observers.run_history import RunHistory, set_aside
    from dsd.training.snapshot import states

    if run.iteration and RunHistory(metrics).owns(run.resumed, run.iteration):
        return
    for path in set_aside([log, metrics]):
        click.echo(f"{path}: of an earlier run with this name, kept")
    if not run.iteration and (old := states(run)):
        more = "another snapshot" if len(old) == 2 else f"{len(old) - 1} more snapshots"
        click.echo(f"{old[0]} and {more} of earlier runs are there; those of the same iterations will"
                   " be replaced" if len(old) > 1 else f"{old[0]}: of an earlier run; will be replaced at its iteration")
