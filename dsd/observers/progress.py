"""Show the progress of a run: a bar on a terminal, elsewhere a line for each iteration that is displayed.

The loss is fetched from the device only when it is shown.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from torch import Tensor

from dsd.display.number_text import number_text
from dsd.observers.metrics import device_text
from dsd.plan.phases import DsdPhase
from dsd.training.events import Observer
from dsd.training.run import Run
from netdef.errors import NetdefError

BAR_EVERY = 0.5  # seconds; drawing takes about 2 ms
LINE_EVERY = 10.0  # without a terminal, for a solver without `display`


class ProgressReport(Observer):
    """Phase, iteration, loss, rate, images a second and time left; tests as they happen; at the end the time of the run.

    ``console`` is standard output by default; ``files`` are named at the beginning: the log, the metrics. As a context
    manager it removes the bar however the run ends.
    """

    def __init__(self, console: Console | None = None, files: Mapping[str, Path] = MappingProxyType({})):
        self.console = console = Console() if console is None else console
        self.files = files
        self._bar: Progress | None = None
        self._task = TaskID(0)
        self._every = BAR_EVERY if console.is_terminal else LINE_EVERY
        self._first = 0  # the iteration at which this run began
        self._images = 0
        self._began = 0.0
        self._shown = 0.0  # when an iteration was last shown
        self._last: float | None = None  # when the last iteration was done; None after a test or a snapshot
        self._done, self._seconds = 0, 0.0  # iterations since the last one shown, and the time they took

    def __enter__(self) -> ProgressReport:
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar:
            self._bar.stop()
            self._bar = None

    def started(self, run: Run) -> None:
        self._first, self._began = run.iteration, time.monotonic()
        self._images = batch_size(run)
        self._shown = self._began
        self._head(run)
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
            until = f", or {phase.until}" if phase.until else ""
            text = f"iterations {phase.start} to {phase.end}{until}{masked}"
            self.console.print(f"[bold]{escape(title)}[/]: {text}", highlight=False)

    def phase_shortened(self, run: Run, phase: DsdPhase, reason: str) -> None:
        if self._bar:
            self._bar.update(self._task, total=run.max_iter)
        self._print(f"{phase_title(run, phase)} ends at iteration {phase.end}: {reason}")

    def iterated(self, run: Run, outputs: dict[str, Tensor], rate: float) -> None:
        now = time.monotonic()
        if self._last is not None:  # testing does not count as training time
            self._done, self._seconds = self._done + 1, self._seconds + now - self._last
        self._last = now
        if not self._due(run, now):
            return
        done, seconds = self._done, self._seconds
        # Fixed widths, so that the bar stays still.
        status = f" loss {number_text(run.loss):<7} rate {rate:<8.3g}"
        if done and seconds:
            status += f"{done * self._images / seconds:7,.0f} images/s" if self._images else f"{done / seconds:7,.1f} it/s"
        if run.iteration > self._first:
            each = (now - self._began) / (run.iteration - self._first)
            status += f"  {duration(each * (run.max_iter - run.iteration))} left"
        if self._bar:
            self._bar.update(self._task, completed=run.iteration, status=status, refresh=True)
        else:
            title = phase_title(run, run.phase)
            self._print(f"{title}  {run.iteration}/{run.max_iter} {status}".rstrip())
        self._shown, self._done, self._seconds = now, 0, 0.0

    def tested(self, run: Run, results: list[dict[str, Tensor]]) -> None:
        for index, means in enumerate(results):
            which = f" net {index}" if len(results) > 1 else ""
            self._print(f"  iteration {run.iteration}, test{which}: {outputs_text(means)}")
        self._last = None

    def snapshotted(self, run: Run, weights: Path, state: Path) -> None:
        self._last = None

    def finished(self, run: Run, early: bool) -> None:
        self.__exit__()
        if done := run.iteration - self._first:
            self._print(f"{done:,} iteration{'s' * (done > 1)} in {duration(time.monotonic() - self._began)}")

    def failed(self, run: Run, error: NetdefError) -> None:
        self.__exit__()

    def _head(self, run: Run) -> None:
        """Print what runs where, and its files."""
        ranks = f", {run.world.size} processes" if run.world.size > 1 else ""
        self._print(f"{run.net.name or 'net'}: iterations {run.iteration} to {run.max_iter} on {device_text(run.device)}"
                    f"{ranks}, seed {run.seed}")
        if self.files:
            self._print(", ".join(f"{what} {path}" for what, path in self.files.items()))
        if run.iteration >= run.max_iter:
            self._print(f"nothing is left to do: iteration {run.max_iter} is the last; a larger max_iter, or a further"
                        " dsd_phase, makes the run longer")

    def _due(self, run: Run, now: float) -> bool:
        """Whether an iteration is shown: without a terminal, as in the log, each that the solver displays."""
        if run.settings.display and not self.console.is_terminal:
            return run.displayed
        return now - self._shown >= self._every

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
        values = [number_text(value) for value in tensor.flatten()[:4].tolist()]
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
