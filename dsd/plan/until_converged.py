"""Phases that end when they have converged: `until_converged` of a phase, or ``--patience``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dsd.display.number_text import decimal
from dsd.evaluate.watched_output import default_output, why_not_single
from netdef.definition.definitions import SolverDefinition
from netdef.errors import Problems
from netdef.graph.net import Net
from netdef.schema import messages


@dataclass(frozen=True)
class UntilConverged:
    """The end of a phase after ``patience`` tests in which ``output`` has not improved by more than ``min_delta``.

    ``output`` is one of the first test net; "" stands for the default until the nets are built.
    """

    patience: int
    output: str = ""
    min_delta: float = 0.0

    def __str__(self) -> str:
        """``until accuracy has not improved for 5 tests``"""
        by = f" by more than {self.min_delta:g}" if self.min_delta else ""
        tests = "a test" if self.patience == 1 else f"{self.patience} tests"
        return f"until {self.output or 'the test score'} has not improved{by} for {tests}"

    def message(self) -> messages.UntilConverged:
        """The rule as a message, for a snapshot."""
        return messages.UntilConverged(patience=self.patience, output=self.output, min_delta=self.min_delta)


def read_until_converged(
    solver: SolverDefinition, phase: messages.DsdPhase, place: tuple[str | int, ...], problems: Problems
) -> UntilConverged | None:
    """The ``until_converged`` of a phase, None without one; mistakes are added to ``problems`` with their places."""
    if not phase.HasField("until_converged"):
        return None
    stated = phase.until_converged
    if stated.patience < 1:
        problems.add(f"`patience` is {stated.patience}; it must be at least 1 test",
                     solver.span(*place, "until_converged", "patience"))
    if not 0 <= stated.min_delta < math.inf:
        problems.add(f"`min_delta` is {stated.min_delta:g}; it must be at least 0 and finite",
                     solver.span(*place, "until_converged", "min_delta"))
    return UntilConverged(stated.patience, stated.output, decimal(stated.min_delta))


def watched_output(
    solver: SolverDefinition, until: UntilConverged, test_nets: Sequence[Net], place: tuple[str | int, ...],
    problems: Problems,
) -> UntilConverged:
    """The rule with the name of its output. Adds to ``problems`` if the solver tests nothing, or has no such output."""
    stated = solver.span(*place, "until_converged", "output") if until.output else solver.span(*place, "until_converged")
    if not test_nets or not solver.message.test_interval:
        problems.add("a phase ends when it has converged, but nothing is tested: give `test_iter` and `test_interval`",
                     solver.span(*place, "until_converged"))
        return until
    net = test_nets[0]
    output = until.output or default_output(net)
    if output is None:
        problems.add(f"the test net has no accuracy and no loss; name one of its outputs: {', '.join(net.outputs)}", stated)
    elif problem := why_not_single(net, output):
        problems.add(problem, stated)
    return replace(until, output=output or "")
