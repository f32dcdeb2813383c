"""Delete the older snapshots of a run."""

from __future__ import annotations

from pathlib import Path

from dsd.observers.run_history import RunHistory
from dsd.training.events import Observer
from dsd.training.restore import find_weights
from dsd.training.run import Run
from dsd.training.snapshot import iteration_of, states
from dsd.training.solverstate import read_state
from netdef.errors import FileError


class KeepSnapshots(Observer):
    """Keep the last ``count`` snapshots of a run and those at the ends of its phases, and delete its others.

    Those of other runs under the prefix stay: the ids in the file ``metrics`` show which are this run's; its `JsonLines` must
    come before this among the observers. A state is deleted before its weights, so that every state has its weights.
    """

    def __init__(self, count: int, metrics: Path):
        self.count, self.metrics = count, metrics
        self._own: dict[Path, tuple[int, Path]] = {}  # {state: (iteration, weights)}, the oldest first

    def started(self, run: Run) -> None:
        history = RunHistory(self.metrics)
        self._own = {}
        for path in reversed(states(run)):
            try:
                state = read_state(path)
                if history.owns(state.run, state.iteration):
                    self._own[path] = state.iteration, find_weights(path, state.learned_net)
            except FileError:  # damaged: its run is unknown
                continue

    def snapshotted(self, run: Run, weights: Path, state: Path) -> None:
        self._own.pop(state, None)
        self._own[state] = iteration_of(state), weights
        ends = {phase.end for phase in run.phases}
        for path in [*self._own][: -self.count]:
            iteration, its_weights = self._own[path]
            if iteration not in ends:
                path.unlink(missing_ok=True)
                its_weights.unlink(missing_ok=True)
                del self._own[path]
