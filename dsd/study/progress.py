"""The progress of a study on the screen: a bar for all iterations and one for each running run."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from dsd.study.processes import Task
from dsd.study.run_folder import RunResult


class StudyProgress:
    """Bars on a terminal, elsewhere a line for each run that ends. A context manager."""

    def __init__(self, console: Console, tasks: Sequence[Task], finished: int, metric_name: str):
        self.console, self.metric_name = console, metric_name
        self._done, self._total = finished, finished + len(tasks)
        self._at: dict[str, int] = {}
        self._bars: dict[str, TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(bar_width=None, complete_style="cyan"), MofNCompleteColumn(),
            TimeRemainingColumn(elapsed_when_finished=True), console=console, expand=True, transient=True,
            disable=not console.is_terminal)
        self._all = self._progress.add_task("", total=sum(task.job.iterations for task in tasks))
        self._describe()

    def __enter__(self) -> StudyProgress:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def at(self, task: Task, iteration: int) -> None:
        """Show the iteration of a run. May be called from several threads."""
        name = title(task)
        if name not in self._bars:
            self._bars[name] = self._progress.add_task(f"  {name}", total=task.job.iterations)
        self._progress.update(self._bars[name], completed=iteration)
        self._progress.advance(self._all, iteration - self._at.get(name, 0))
        self._at[name] = iteration

    def ended(self, task: Task, complaint: str | None, result: RunResult | None) -> None:
        """Show that a run has ended: its result, or its complaint."""
        self.at(task, task.job.iterations)
        self._progress.remove_task(self._bars.pop(title(task)))
        if result is None:
            text = f"{title(task)}: {complaint or 'left no result'}"
        else:
            self._done += 1
            value = result.tests[-1].outputs.get(self.metric_name) if result.tests else None
            shown = "not finite" if value is None else f"{value:.4g}"
            text = f"{title(task)}: {self.metric_name} {shown} ({result.seconds:.0f} s)"
            text += f", run {self._done} of {self._total}"
        self._describe()
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def _describe(self) -> None:
        self._progress.update(self._all, description=f"[bold]{self._done} of {self._total} runs finished[/]")


def title(task: Task) -> str:
    """``dsd, seed 3``"""
    return f"{task.job.arm}, seed {task.job.seed}"
