"""Print tables at the end of a run: phases, masked layers, and the files that were written."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table
from torch import Tensor

from dsd.display.number_text import number_text
from dsd.engine.audit import Audit
from dsd.observers.audit_table import audit_table
from dsd.training.events import Observer, PhaseResult
from dsd.training.run import Run

SHOWN = 4  # elements of an output with several


class Summary(Observer):
    """Collect the results of phases, and print them at the end. ``files`` are further files to list, such as logs."""

    def __init__(self, console: Console, files: dict[str, Path]):
        self.console = console
        self.files = dict(files)
        self.results: list[PhaseResult] = []
        self.audits: list[Audit] = []
        self.weights: Path | None = None
        self.state: Path | None = None
        self._first = 0

    def started(self, run: Run) -> None:
        self._first = run.iteration

    def phase_ended(self, run: Run, result: PhaseResult) -> None:
        self.results.append(result)

    def audited(self, run: Run, audit: Audit) -> None:
        self.audits.append(audit)

    def snapshotted(self, run: Run, weights: Path, state: Path) -> None:
        self.weights, self.state = weights, state

    def finished(self, run: Run, early: bool) -> None:
        self.console.print()
        if self.results:
            self.console.print(self.phases(run))
            if any(result.kept for result in self.results):
                self.console.print(self.layers())
        for audit in self.audits:
            self.console.print(audit_table(audit))
        if self._first and any(phase.end <= self._first for phase in run.phases):
            self._say(f"This run went on from iteration {self._first}; phases that ended before are in the log.")
        if early:
            self._say(f"Stopped at iteration {run.iteration} of {run.max_iter}, in phase {run.phase.name}.")
            if self.state:
                self._say(f"Go on with --snapshot {self.state}")
        files = {"weights": self.weights, "solver state": self.state, **self.files}
        written = {what: path for what, path in files.items() if path is not None}
        width = max(map(len, written), default=0)
        for what, path in written.items():
            self._say(f"{what:{width}}  {path}")

    def phases(self, run: Run) -> Table:
        """The table of phases: iterations, training loss, test outputs, weights kept."""
        table = Table(title="Phases", title_justify="left")
        table.add_column("phase")
        for heading in ("iterations", "training loss", *_test_headings(self.results)):
            table.add_column(heading, justify="right")
        masked = any(result.kept for result in self.results)
        if masked:
            table.add_column("masked weights kept", justify="right")
        for result in self.results:
            tests = [value for means in result.tests for values in means.values() for value in _values(values)]
            row = [result.phase.name, f"{result.phase.length:,}", number_text(result.loss), *tests]
            if masked:
                row.append(kept_text(*result.kept_in_all))
            table.add_row(*row)
        return table

    def layers(self) -> Table:
        """The table of weights kept of each masked layer, a column for each phase."""
        table = Table(title="Weights kept, layer by layer", title_justify="left")
        table.add_column("layer")
        for result in self.results:
            table.add_column(result.phase.name, justify="right")
        for layer in dict.fromkeys(layer for result in self.results for layer in result.kept):
            counts = (result.kept.get(layer) for result in self.results)
            table.add_row(layer, *(kept_text(*count) if count else "" for count in counts))
        return table

    def _say(self, text: str) -> None:
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)


def kept_text(kept: int, total: int) -> str:
    """``700 of 1,000 (70.0%)``; ``all 1,000``."""
    if kept == total:
        return f"all {total:,}"
    return f"{kept:,} of {total:,} ({100 * kept / total:.1f}%)"


def _test_headings(results: list[PhaseResult]) -> list[str]:
    tests = next((result.tests for result in results if result.tests), [])
    headings = []
    for index, means in enumerate(tests):
        which = f"test {index} " if len(tests) > 1 else "test "
        for name, tensor in means.items():
            count = min(tensor.numel(), SHOWN)
            headings += [f"{which}{name}[{i}]" for i in range(count)] if tensor.numel() > 1 else [which + name]
    return headings


def _values(tensor: Tensor) -> list[str]:
    return [number_text(value) for value in tensor.flatten()[:SHOWN].tolist()]
