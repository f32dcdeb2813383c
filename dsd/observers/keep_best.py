"""Keep the snapshot with the best test score of a run."""

from __future__ import annotations

import math
from pathlib import Path

from torch import Tensor

from dsd.evaluate.watched_output import improves_upward, why_not_single
from dsd.observers.metrics_lines import read_lines
from dsd.plan.settings import snapshot_prefix
from dsd.training import snapshot
from dsd.training.events import Observer
from dsd.training.run import Run
from netdef.errors import FileError, NetdefError


class KeepBest(Observer):
    """Write ``<prefix>_best.caffemodel`` and ``.solverstate`` whenever an output of the first test net is better than ever
    before: larger, if it `improves_upward`, else smaller.

    A resumed run reads the earlier values from the file ``metrics``; its `JsonLines` must come before this among the
    observers. ``best`` is (iteration, value), None before a test. Raises `NetdefError` when the run begins if there is no
    such output, or its score is more than one number.
    """

    def __init__(self, output: str, metrics: Path):
        self.output, self.metrics = output, metrics
        self.best: tuple[int, float] | None = None
        self._larger = False

    def check(self, run: Run) -> None:
        """Raise `NetdefError` if there is no such output, or its score is more than one number."""
        if not run.test_nets:
            raise NetdefError(f"--keep-best {self.output}: the solver tests nothing; give `test_iter` and `test_interval`")
        if problem := why_not_single(run.test_nets[0], self.output):
            raise NetdefError(f"--keep-best {self.output}: {problem}")

    def started(self, run: Run) -> None:
        self.check(run)
        self._larger = improves_upward(run.test_nets[0], self.output)
        self.best = None
        for iteration, value in self._earlier(run.iteration):
            self._note(iteration, value)

    def tested(self, run: Run, results: list[dict[str, Tensor]]) -> None:
        value = results[0][self.output]
        if self._note(run.iteration, float(value)):
            weights, state = snapshot.paths(run)
            prefix = snapshot_prefix(run.spec)
            snapshot.write(run, *(
                Path(f"{prefix}_best{path.name.partition(f'_iter_{run.iteration}')[2]}") for path in (weights, state)))

    def _note(self, iteration: int, value: float) -> bool:
        """Whether a value is the best so far. The first of equal ones counts."""
        better = math.isfinite(value) and (
            self.best is None or (value > self.best[1] if self._larger else value < self.best[1]))
        if better:
            self.best = iteration, value
        return better

    def _earlier(self, until: int) -> list[tuple[int, float]]:
        """The values of tests before the snapshot that a run goes on from."""
        try:
            tests = [event for event in read_lines(self.metrics)[0] if event["event"] == "test" and event["iteration"] <= until]
        except FileError:
            return []
        values = [(event["iteration"], event["outputs"][0].get(self.output)) for event in tests if event["outputs"]]
        return [(iteration, value) for iteration, value in values if isinstance(value, float | int)]
