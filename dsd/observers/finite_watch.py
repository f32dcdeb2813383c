"""Stop a run whose loss is not finite any more, and find the layer where that began.

The losses stay on the device until they are checked, so that no iteration waits for a GPU.
"""

from __future__ import annotations

import math
import time
import warnings
from pathlib import Path

import torch
from torch import Tensor

from dsd.seeds import seed_generators, seed_of
from dsd.training.events import Observer, PhaseResult, Request
from dsd.training.run import Run
from dsd.training.snapshot import iteration_of
from netdef.graph.not_finite import NotFiniteError, all_finite, broken_blob, first_not_finite

CHECK_EVERY = 1.0  # seconds
MOST_KEPT = 1000  # losses between two checks


class FiniteWatch(Observer):
    """Report the first loss that is not finite: its iteration, rate and phase, and the layer where that began.

    Losses are checked when one is displayed, at the end of a phase, before a snapshot, and every ``look_every`` seconds:
    by default after every iteration on a CPU, elsewhere about once a second. Gradients are checked, too: an infinite one
    breaks the weights, which shows in the next loss. With ``stop`` the run ends with a `NotFiniteError`, and no snapshot is
    written of weights that are not finite; without, a warning is given once and the run goes on, as in Caffe.
    """

    on_every_rank = True

    def __init__(
        self, stop: bool = True, resumed_from: str | Path | None = None, look_every: float | None = None
    ):
        self.stop, self.look_every = stop, look_every
        self._last_good = None if resumed_from is None else Path(resumed_from)  # the last snapshot with a finite loss
        self._snapshots: list[tuple[int, Path]] = []  # later ones, with their iterations
        self._losses: list[tuple[int, Tensor]] = []  # with their iterations, since the last check
        self._checked = time.monotonic()
        self._suspect: tuple[int, str] | None = None  # an iteration with gradients that were not finite, and why
        self._error: NotFiniteError | None = None
        self._reported = False

    def iterated(self, run: Run, outputs: dict[str, Tensor], rate: float) -> None:
        if self._reported or run.world.rank:
            return
        self._losses.append((run.iteration, run.losses[-1]))
        if self._due(run):
            self._check_losses(run)
            self._check_gradients(run)

    def snapshotting(self, run: Run) -> None:
        if self.stop and not run.world.rank:
            self._check_losses(run)
            if not self._reported and (broken := broken_blob(run.net)) is not None:
                self._report(run, run.iteration - 1, "the update broke the weights", broken)
        if error := run.world.agree(self._error):
            raise error

    def snapshotted(self, run: Run, weights: Path, state: Path) -> None:
        self._snapshots.append((iteration_of(state), state))

    def phase_ended(self, run: Run, result: PhaseResult) -> None:
        if not run.world.rank:
            self._check_losses(run)

    def requested(self) -> Request:
        return self._error

    def _due(self, run: Run) -> bool:
        seconds = self.look_every
        if seconds is None:
            seconds = 0.0 if run.device.type == "cpu" else CHECK_EVERY
        late = time.monotonic() - self._checked >= seconds or len(self._losses) >= MOST_KEPT
        return late or run.displayed

    def _check_losses(self, run: Run) -> None:
        """Fetch the losses since the last check, and report the first that is not finite."""
        self._checked = time.monotonic()
        if self._reported or not self._losses:
            return
        values = torch.stack([loss for _, loss in self._losses]).tolist()
        for (iteration, _), value in zip(self._losses, values):
            if not math.isfinite(value):
                self._report(run, iteration, f"the loss is {value:g}", _search(run))
                break
            while self._snapshots and self._snapshots[0][0] <= iteration:
                self._last_good = self._snapshots.pop(0)[1]
        self._losses.clear()

    def _check_gradients(self, run: Run) -> None:
        if self._reported:
            return
        gradients = [entry.tensor.grad for entry in run.net.learnable if entry.tensor.grad is not None]
        if all_finite(gradients):
            self._suspect = None
        elif self._suspect is None and (where := _search(run)) is not None:
            self._suspect = run.iteration, where

    def _report(self, run: Run, iteration: int, what: str, where: str | None) -> None:
        self._reported = True
        phase = run.phases[run.index_at(iteration)]
        rate = run.scheduled_rate(iteration)
        lines = [f"iteration {iteration:,}, phase `{phase.name}`, learning rate {rate:g}: {what}"]
        if self._suspect is not None:
            lines.append(f"in iteration {self._suspect[0]:,}, {self._suspect[1]}")
        elif where is not None:
            lines.append(where)
        if self.stop:
            self._error = NotFiniteError("\n  ".join([*lines, self._advice(all_finite(list(run.batch.values())))]))
        else:
            warnings.warn("\n  ".join([*lines, "the run goes on"]), stacklevel=2)

    def _advice(self, finite_data: bool) -> str:
        if self._last_good is not None:
            change = "a smaller base_lr" if finite_data else "finite data"
            return f"stopped; the last good snapshot is {self._last_good}: go on from it with --snapshot and {change}"
        change = "try a smaller base_lr, or clip_gradients" if finite_data else "the data must be finite"
        return f"stopped before any snapshot with a finite loss; {change}"


def _search(run: Run) -> str | None:
    """The first layer, in a pass on the last batch, whose numbers are not finite, in a sentence."""
    seed_generators(seed_of(run.seed, run.iteration, run.world.rank), run.device)
    with run.precision.passes():
        return first_not_finite(run.net, run.batch)
