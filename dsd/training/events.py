"""Observers of a run: the methods that a trainer calls for logs, progress bars, tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from dsd.engine.audit import Audit
from dsd.plan.phases import DsdPhase
from dsd.training.run import Run
from netdef.errors import NetdefError

Request = str | NetdefError | None


class Observer:
    """The base class of observers. Methods do nothing unless overridden.

    With several ranks only the first rank's observers are called, unless ``on_every_rank``.
    """

    on_every_rank = False

    def started(self, run: Run) -> None:
        """Called when `Trainer.run` begins, perhaps after a restore."""

    def phase_began(self, run: Run, phase: DsdPhase) -> None:
        """Called when the masks of a phase are in force, before its first iteration."""

    def iterated(self, run: Run, outputs: dict[str, Tensor], rate: float) -> None:
        """Called when the gradients of ``run.iteration`` are computed, before the update. ``outputs`` are the net's."""

    def tested(self, run: Run, results: list[dict[str, Tensor]]) -> None:
        """Called after a test of all test nets; ``results`` has {output: mean} for each."""

    def snapshotting(self, run: Run) -> None:
        """Called before a snapshot is written. An error raised here, on every rank, prevents it and ends the run."""

    def snapshotted(self, run: Run, weights: Path, state: Path) -> None:
        """Called after a snapshot was written: both files are complete.

        A large one is written while training goes on: ``run`` may be some iterations further than the names of its files say
        (`dsd.training.snapshot.iteration_of`).
        """

    def displayed_last(self, run: Run) -> None:
        """Called when the run is over and ``run.loss`` is the loss after the last update, as Caffe displays it."""

    def phase_shortened(self, run: Run, phase: DsdPhase, reason: str) -> None:
        """Called when a phase ends before its planned length, and those after it begin earlier: ``run.phases`` has them as
        they are now, ``phase`` among them."""

    def phase_ended(self, run: Run, result: PhaseResult) -> None:
        """Called when a phase is over, saved and tested."""

    def audited(self, run: Run, audit: Audit) -> None:
        """Called after the audit of the phase that ended; after violations the run ends with an `AuditError`."""

    def finished(self, run: Run, early: bool) -> None:
        """Called when `Trainer.run` ends; ``early`` if an observer requested it."""

    def failed(self, run: Run, error: NetdefError) -> None:
        """Called instead of `finished` when `Trainer.run` ends with an error."""

    def requested(self) -> Request:
        """Return a request or None, and forget it: ``"snapshot"``, ``"stop"``, or an error that ends the run without a
        snapshot. Called after every iteration on every rank; the first rank's answers count, with several ranks about
        once a second (`dsd.training.requests`)."""
        return None

    def stopping(self) -> bool:
        """Whether the run is about to stop, so that a test in progress is broken off, and done when the run goes on. Called
        before each batch of a test when a single process trains."""
        return False


@dataclass(frozen=True)
class PhaseResult:
    """The results of a phase.

    ``tests`` has {output: mean} for each test net. ``kept`` is {layer: (weights kept, weights in all)} of masked layers.
    """

    phase: DsdPhase
    loss: float
    tests: list[dict[str, Tensor]]
    kept: dict[str, tuple[int, int]]

    @property
    def kept_in_all(self) -> tuple[int, int]:
        """(weights kept, weights in all) over all masked layers."""
        return sum(kept for kept, _ in self.kept.values()), sum(total for _, total in self.kept.values())

    @classmethod
    def of(cls, run: Run, phase: DsdPhase, tests: list[dict[str, Tensor]]) -> PhaseResult:
        """The result of the phase in force."""
        kept: dict[str, tuple[int, int]] = {}
        for key, weight in run.keeper.weights.items():
            mask, total = run.masks.get(key), weight.tensor.numel()
            before = kept.get(weight.layer, (0, 0))  # of another weight of the layer
            kept[weight.layer] = (before[0] + (total if mask is None else int(mask.sum())), before[1] + total)
        return cls(phase, run.loss, tests, kept)
