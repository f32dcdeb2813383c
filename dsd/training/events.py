"""Whoever watches a run: logs, progress bars, tables. The trainer computes; observers tell people."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from torch import Tensor

from dsd.plan.phases import DsdPhase

if TYPE_CHECKING:
    from dsd.engine.audit import Audit
    from dsd.training.trainer import Trainer


class Observer:
    """Methods are called as things happen; each does nothing unless overridden.

    Of several ranks only the first one's are called, unless ``on_every_rank``.
    """

    on_every_rank = False

    def started(self, trainer: Trainer) -> None:
        """`Trainer.run` begins, or goes on after a restore."""

    def phase_began(self, trainer: Trainer, phase: DsdPhase) -> None:
        """The masks of a phase are in force; no iteration of it is done."""

    def iterated(self, trainer: Trainer, outputs: dict[str, Tensor], rate: float) -> None:
        """Gradients of iteration ``trainer.iteration`` are there, the update is not done. ``outputs`` are the net's."""

    def tested(self, trainer: Trainer, results: list[dict[str, Tensor]]) -> None:
        """All test nets are tested: {output: mean} of each."""

    def snapshotted(self, trainer: Trainer, weights: Path, state: Path) -> None:
        """Both files are whole on the disk."""

    def displayed_last(self, trainer: Trainer) -> None:
        """``trainer.loss`` is that after the last update."""

    def phase_ended(self, trainer: Trainer, result: PhaseResult) -> None:
        """A phase is done, saved and tested."""

    def audited(self, trainer: Trainer, audit: Audit) -> None:
        """The masks of the phase that ended are checked; if they did not hold the run is about to end with an error."""

    def finished(self, trainer: Trainer, early: bool) -> None:
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
    def of(cls, trainer: Trainer, phase: DsdPhase, tests: list[dict[str, Tensor]]) -> PhaseResult:
        kept = {}
        for key, mask in trainer.net.masks.items():
            layer, total = trainer.net.masked[key][0][0], trainer.mask_weight(key).numel()
            before = kept.get(layer, (0, 0))  # of another weight of the layer
            kept[layer] = (before[0] + (total if mask.kept is None else int(mask.kept.sum())), before[1] + total)
        return cls(phase, trainer.loss, tests, kept)
