"""Record an attached run for `dsd-report`, in the same JSON lines as `dsd-train`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from torch import Tensor

from dsd.attached.run import AttachedRun, AttachObserver
from dsd.engine.audit import Audit
from dsd.observers.metrics import JsonLines
from dsd.observers.weight_record import WeightRecord


class Recorder(AttachObserver):
    """Write losses, scores, masks, audits and weight statistics of an attached run.

    Args:
        path: the file, ``runs/mine.jsonl``; `dsd-report` draws a page of it, also while the run goes on.
        every: steps from one loss to the next; each is the mean of as many.
        test: scores of the model, {name: number}, measured at the end of each phase under its masks.
    """

    def __init__(self, path: str | Path, *, every: int = 100, test: Callable[[], Mapping[str, float]] | None = None):
        if every < 1:
            raise ValueError(f"`every` is {every}; it must be at least 1 step")
        self.lines = JsonLines(Path(path))
        self.every, self.measure = every, test
        self._weights = WeightRecord(self.lines)
        self._losses: deque[Tensor | float] = deque(maxlen=every)
        self._written = -1  # the step of the last loss
        self._run: AttachedRun | None = None

    def loss(self, loss: Tensor | float) -> None:
        """Record the loss of the next step, before ``optimizer.step()``."""
        self._losses.append(loss.detach() if isinstance(loss, Tensor) else loss)
        run = self._run
        if run is not None and run.iteration % self.every == 0 and run.iteration != self._written:
            self._written = run.iteration
            rate = float(run.optimizer.param_groups[0]["lr"])
            self.lines.write("train", iteration=run.iteration, phase=run.phase.name, loss=self._mean(), rate=rate, outputs={})

    def test(self, **scores: float) -> None:
        """Record scores of the current model, such as ``accuracy=0.93``."""
        if self._run is not None:
            self.lines.write("test", iteration=self._run.iteration, phase=self._run.phase.name, outputs=[scores])

    def attached(self, run: AttachedRun) -> None:
        self._run = run
        device = next((p.device for p in run.model.parameters()), torch.device("cpu"))
        self.lines.start(run.iteration, run.phases, device, solver=None, net=type(run.model).__name__, seed=run.seed,
                         text=f"{run.optimizer}\n", ranks=run.world.size)

    def phase_began(self, run: AttachedRun) -> None:
        self.lines.phase_began(run, run.phase)
        self._weights.phase_began(run, run.phase)

    def phase_ended(self, run: AttachedRun) -> None:
        scores = {} if self.measure is None else self._measured(run, self.measure)
        if scores:
            self.test(**scores)
        self.lines.write("phase_end", iteration=run.iteration, name=run.phase.name, loss=self._mean(),
                         tests=[scores] if scores else [], kept=run.kept())
        self._weights.record_end(run, run.phase)

    def audited(self, run: AttachedRun, audit: Audit) -> None:
        self.lines.write_audit(run.phase, audit)

    def finished(self, run: AttachedRun) -> None:
        self.lines.end(run.iteration, run.iteration < run.max_iter)

    def _mean(self) -> float | None:
        return sum(map(float, self._losses)) / len(self._losses) if self._losses else None

    def _measured(self, run: AttachedRun, test: Callable[[], Mapping[str, float]]) -> dict[str, float]:
        """The scores; every module is in training or evaluation mode afterwards as it was before."""
        modes = [(module, module.training) for module in run.model.modules()]
        with torch.no_grad():
            found = test()
        if not isinstance(found, Mapping):
            raise TypeError(f"`test` returned {found!r}; a dictionary is wanted, such as {{\"accuracy\": 0.93}}")
        scores = {name: float(score) for name, score in found.items()}
        for module, training in modes:
            module.training = training
        return scores
