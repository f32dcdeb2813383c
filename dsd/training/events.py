"""Whoever watches a run: logs, progress bars, tables. The trainer computes; observers tell people."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from dsd.engine.audit import Audit
from dsd.plan.phases import DsdPhase
from dsd.training.run import Run


class Observer:
    """Methods are called as things happen; each does nothing unless overridden.

    Of several ranks only the first one's are called, unless ``on_every_rank``.
    """

    on_every_rank = False

    def started(self, run: Run) -> None:
        """`Trainer.run` begins, or goes on after a restore."""

    def phase_began(self, run: Run, phase: DsdPhase) -> None:
        """The masks of a phase are in force; no iteration of it is done."""

    def iterated(self, run: Run, outputs: dict[str, Tensor], rate: float) -> None:
        """Gradients of iteration ``run.iteration`` are there, the update is not done. ``outputs`` are the net's."""

    def tested(self, run: Run, results: list[dict[str, Tensor]]) -> None:
        """All test nets are tested: {output: mean} of each."""

    def snapshotted(self, run: Run, weights: Path, state: Path) -> None:
        """Both files are whole on the disk."""

    def displayed_last(self, run: Run) -> None:
        """``run.loss`` is that after the last update."""

    def phase_ended(self, run: Run, result: PhaseResult) -> None:
        """A phase is done, saved and tested."""

    def audited(self, run: Run, audit: Audit) -> None:
        """The masks of the phase that ended are checked; if they did not hold the run is about to end with an error."""

    def finished(self, run: Run, early: bool) -> None:
        """`Trainer.run` ends; ``early`` when somebody asked it to."""

    def requested(self) -> str | None:
        """Asked after every iteration, on every rank: ``"snapshot"``, ``"stop"`` or None. Asking takes the request away; the
        first rank's answer counts."""
        return None


@dataclass(frozen=True)
class PhaseResult:
    """A finished phase in numbers.

    ``kept`` is {layer: (weights kept, weights in all)} of the layers that have Masks, of all weights that these cover.
    """

    phase: DsdPhase
    loss: float
    tests: list[dict[str, Tensor]]
    kept: dict[str, tuple[int, int]]

    @classmethod
    def of(cls, run: Run, phase: DsdPhase, tests: list[dict[str, Tensor]]) -> PhaseResult:
        kept: dict[str, tuple[int, int]] = {}
        for key, weight in run.keeper.weights.items():
            mask, total = run.masks.get(key), weight.tensor.numel()
            before = kept.get(weight.layer, (0, 0))  # of another weight of the layer
            kept[weight.layer] = (before[0] + (total if mask is None else int(mask.sum())), before[1] + total)
        return cls(phase, run.loss, tests, kept)
