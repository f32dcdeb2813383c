"""Decide from its tests whether a phase has converged."""

from __future__ import annotations

import math

from dsd.plan.until_converged import UntilConverged
from netdef.schema.messages import ConvergenceState


class ConvergenceWatch:
    """Count the tests since the best one of a phase. Values that are not finite are no improvement.

    Attributes:
        best: the best value so far, None before one.
        tests_since: tests after it.
    """

    def __init__(self) -> None:
        self.best: float | None = None
        self.tests_since = 0

    @classmethod
    def of(cls, state: ConvergenceState) -> ConvergenceWatch:
        """The watch that a snapshot holds."""
        watch = cls()
        watch.best = state.best if state.HasField("best") else None
        watch.tests_since = state.tests_since
        return watch

    def message(self) -> ConvergenceState:
        """The watch as a message, for a snapshot."""
        return ConvergenceState(best=self.best, tests_since=self.tests_since)

    def converged(self, until: UntilConverged, value: float, upward: bool) -> bool:
        """Count a test; return whether too many have passed without an improvement. ``upward``: larger is better."""
        if math.isfinite(value) and (
                self.best is None or (value - self.best if upward else self.best - value) > until.min_delta):
            self.best, self.tests_since = value, 0
        else:
            self.tests_since += 1
        return self.tests_since >= until.patience
