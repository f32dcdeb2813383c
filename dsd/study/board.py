"""A whole study on the screen while it runs: a bar for all iterations and one for each run at work."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from dsd.study.jobs import Task
from dsd.study.runs import Result


class Board:
    """Use as a context manager. On a terminal bars, elsewhere a line for each run that ends."""

    def __init__(self, console: Console, tasks: Sequence[Task], finished: int, metric_name: str):
        self.console, self.metric_name = console, metric_name
        self._done, self._total = finished, finished + len(tasks)
        self._at: dict[str, int] = {}
        self._bars: dict[str, object] = {}
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(bar_width=None, complete_style="cyan"), MofNCompleteColumn(),
            TimeRemainingColumn(elapsed_when_finished=True), console=console, expand=True, transient=True,
            disable=not console.is_terminal)
        self._all = self._progress.add_task("", total=sum(task.job.iterations for task in tasks))
        self._describe()

    def __enter__(self) -> Board:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def at(self, task: Task, iteration: int) -> None:
        """A run has come to an iteration; called from several threads."""
        name = title(task)
        if name not in self._bars:
            self._bars[name] = self._progress.add_task(f"  {name}", total=task.job.iterations)
        self._progress.update(self._bars[name], completed=iteration)
        self._progress.advance(self._all, iteration - self._at.get(name, 0))
        self._at[name] = iteration

    def ended(self, task: Task, complaint: str | None, result: Result | None) -> None:
        """A run has ended, well or with a complaint."""
        self.at(task, task.job.iterations)
        self._progress.remove_task(self._bars.pop(title(task)))
        if result is None:
            said = f"{title(task)}: {complaint or 'left no result'}"
        else:
            self._done += 1
            value = result.tests[-1].outputs.get(self.metric_name) if result.tests else None
            shown = "not finite" if value is None else f"{value:.4g}"
            said = f"{title(task)}: {self.metric_name} {shown} ({result.seconds:.0f} s)"
            said += f", run {self._done} of {self._total}"
        self._describe()
        self.console.print(said, markup=False, highlight=False, soft_wrap=True)

    def _describe(self) -> None:
        self._progress.update(self._all, description=f"[bold]{self._done} of {self._total} runs finished[/]")


def title(task: Task) -> str:
    """``dsd, seed 3``"""
    return f"{task.job.arm}, seed {task.job.seed}"
