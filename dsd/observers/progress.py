"""Show the progress of a run: a bar on a terminal, a line every few seconds elsewhere.

The loss is fetched from the device only when it is shown.
"""

from __future__ import annotations

import time
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from torch import Tensor

from dsd.plan.phases import DsdPhase
from dsd.training.events import Observer
from dsd.training.run import Run

BAR_EVERY = 0.5  # seconds; drawing takes about 2 ms
LINE_EVERY = 10.0


class ProgressReport(Observer):
    """Phase, iteration, loss, rate, images a second and time left; tests and snapshots as they happen.

    Use as a context manager, which removes the bar however the run ends.
    """

    def __init__(self, console: Console):
        self.console = console
        self._bar: Progress | None = None
        self._task = TaskID(0)
        self._every = BAR_EVERY if console.is_terminal else LINE_EVERY
        self._first = 0  # the iteration at which this run began
        self._images = 0
        self._began = 0.0
        self._shown = (0, 0.0)  # iteration and time of what is on the screen

    def __enter__(self) -> ProgressReport:
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar:
            self._bar.stop()
            self._bar = None

    def started(self, run: Run) -> None:
        self._first, self._began = run.iteration, time.monotonic()
        self._images = batch_size(run)
        self._restart_clock(run)
        if self.console.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description}"), BarColumn(bar_width=None, complete_style="cyan"),
                TextColumn("{task.completed}/{task.total} {task.fields[status]}"),
                console=self.console, auto_refresh=False, expand=True, transient=True)
            self._task = self._bar.add_task("", total=run.max_iter, completed=run.iteration, status="")
            self._bar.start()

    def phase_began(self, run: Run, phase: DsdPhase) -> None:
        title = phase_title(run, phase)
        if self._bar:
            self._bar.update(self._task, description=f"[bold]{escape(title)}[/]", refresh=True)
        if len(run.phases) > 1:
            masked = ""
            if run.masks:
                kept, total = (sum(n) for n in zip(*((int(m.sum()), m.numel()) for m in run.masks.values())))
                masked = f", {kept:,} of {total:,} masked weights kept"
            said = f"iterations {phase.start} to {phase.end}{masked}"
            self.console.print(f"[bold]{escape(title)}[/]: {said}", highlight=False)

    def iterated(self, run: Run, outputs: dict[str, Tensor], rate: float) -> None:
        now = time.monotonic()
        if now - self._shown[1] < self._every:
            return
        done, seconds = run.iteration - self._shown[0], now - self._shown[1]
        speed = f"{done * self._images / seconds:7,.0f} images/s" if self._images else f"{done / seconds:7,.1f} it/s"
        left = ""
        if run.iteration > self._first:
            each = (now - self._began) / (run.iteration - self._first)
            left = f"  {duration(each * (run.max_iter - run.iteration))} left"
        # Fixed widths, so that the bar stays still.
        status = f" loss {run.loss:<7.4g} rate {rate:<8.3g}{speed}{left}"
        if self._bar:
            self._bar.update(self._task, completed=run.iteration, status=status, refresh=True)
        else:
            title = phase_title(run, run.phase)
            self._print(f"{title}  {run.iteration}/{run.max_iter} {status}")
        self._restart_clock(run)

    def tested(self, run: Run, results: list[dict[str, Tensor]]) -> None:
        for index, means in enumerate(results):
            which = f" net {index}" if len(results) > 1 else ""
            self._print(f"  iteration {run.iteration}, test{which}: {outputs_text(means)}")
        self._restart_clock(run)  # testing does not count as training time

    def snapshotted(self, run: Run, weights: Path, state: Path) -> None:
        self._restart_clock(run)

    def finished(self, run: Run, early: bool) -> None:
        self.__exit__()

    def _restart_clock(self, run: Run) -> None:
        self._shown = (run.iteration, time.monotonic())

    def _print(self, text: str) -> None:
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)


def phase_title(run: Run, phase: DsdPhase) -> str:
    """``sparse 2/3``, or ``training`` if there is one phase."""
    if len(run.phases) == 1:
        return "training"
    return f"{phase.name} {run.phases.index(phase) + 1}/{len(run.phases)}"


def outputs_text(outputs: dict[str, Tensor]) -> str:
    """``accuracy 0.9861, loss 0.05123``; the first four elements of each output."""
    parts = []
    for name, tensor in outputs.items():
        values = [f"{value:.4g}" for value in tensor.flatten()[:4].tolist()]
        parts.append(f"{name} {' '.join(values)}{' ...' if tensor.numel() > 4 else ''}")
    return ", ".join(parts)


def batch_size(run: Run) -> int:
    """Images in an iteration, over all passes and processes; 0 for a net without data layers."""
    feeds = run.net.feeds
    return feeds[0].batch_size * run.settings.iter_size * run.world.size if feeds else 0


def duration(seconds: float) -> str:
    """``1:02:03``, ``2:03`` or ``0:03``."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
