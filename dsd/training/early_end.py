"""The early end of a phase: because it has converged, or by a call of `Run.end_phase`."""

from __future__ import annotations

from collections.abc import Iterable

from torch import Tensor

from dsd.distributed import World
from dsd.evaluate.watched_output import improves_upward
from dsd.plan.phases import DsdPhase
from dsd.training.convergence import ConvergenceWatch
from netdef.graph.net import Net

_CALLED = "end_phase was called"


class EarlyEnd:
    """The decision to end a phase after the iteration in progress, and its reason; there is one for each phase.

    Attributes:
        asked: whether `Run.end_phase` was called on this rank.
        reason: why the phase ends, the same on every rank; "" if it goes on.
        watch: its tests, if it ends when it has converged.
    """

    def __init__(self) -> None:
        self.asked, self.reason = False, ""
        self.watch = ConvergenceWatch()

    def tested(self, phase: DsdPhase, net: Net, results: dict[str, Tensor], world: World) -> None:
        """Count a test of the phase, as the first rank sees it."""
        if phase.until is not None:
            value = world.agree(float(results[phase.until.output]))
            if self.watch.converged(phase.until, value, improves_upward(net, phase.until.output)):
                self.reason = str(phase.until).removeprefix("until ")

    def called(self) -> None:
        """End the phase of a single rank if `Run.end_phase` was called."""
        if self.asked:
            self.reason = self.reason or _CALLED

    def request(self, index: int) -> list[str]:
        """The request to the other ranks after a call in phase ``index``, once."""
        asked, self.asked = self.asked, False
        return [f"end phase {index}"] if asked else []

    def agreed(self, requests: Iterable[object], index: int) -> None:
        """Take note of what the ranks have agreed on; a request for an earlier phase is void."""
        if f"end phase {index}" in requests:
            self.reason = _CALLED
