from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from dsd.study import study, worker
from dsd.study.processes import Task
from netdef.errors import NetdefError


@pytest.fixture
def study_in_process(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Runs of a study are done in this process, one after the other; the (arm, seed) of those that began."""
    begun = []

    def run_here(
        tasks: Sequence[Task], side_by_side: int, at: Callable[[Task, int], None],
        ended: Callable[[Task, str | None], None],
    ) -> dict[str, str]:
        failures = {}
        for task in tasks:
            begun.append((task.job.arm, task.job.seed))
            complaint = None
            try:
                worker.run(task.folder, worker.SnapshotKeeper(task.folder))
            except NetdefError as error:
                complaint = failures[f"{task.job.arm}, seed {task.job.seed}"] = str(error)
            ended(task, complaint)
        return failures

    monkeypatch.setattr(study, "run_all", run_here)
    return begun
