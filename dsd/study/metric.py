"""The measure of a study: one output of the first test net, as an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dsd.evaluate.watched_output import default_output, improves_upward, why_not_single
from netdef.definition.definitions import SolverDefinition
from netdef.errors import NetdefError
from netdef.graph.net import Net


@dataclass(frozen=True)
class Metric:
    """An output by name. ``accuracy`` outputs count as errors of 100 * (1 - value) percent, others as they are."""

    name: str
    accuracy: bool

    @property
    def label(self) -> str:
        """The label of an axis: ``test error (%)`` or ``test loss``."""
        return "test error (%)" if self.accuracy else f"test {self.name}"

    @property
    def what(self) -> str:
        """The name in a sentence: ``test error`` or ``test loss``."""
        return "test error" if self.accuracy else f"test {self.name}"

    @property
    def unit(self) -> str:
        """The unit behind a difference in a sentence."""
        return " points" if self.accuracy else ""

    def error(self, outputs: Mapping[str, float | list[float | None] | None]) -> float | None:
        """The error of one test; None when the output was not a finite number. Raises `NetdefError` for a list."""
        value = outputs[self.name]
        if isinstance(value, list):
            raise NetdefError(f"--metric {self.name}: this output has {len(value)} numbers; a study compares one")
        if value is None:
            return None
        return 100 * (1 - value) if self.accuracy else value

    def noise(self, errors: Sequence[float]) -> float:
        """The largest difference of errors that count as equal.

        Means of float32 outputs that are equal differ by as much when they are written with seven digits.
        """
        return 1e-6 * (100 if self.accuracy else max(map(abs, errors), default=0.0))


def choose_metric(solver: SolverDefinition, test_nets: Sequence[Net], name: str | None = None) -> Metric:
    """The metric called ``name``, or by default the first accuracy, or else the first loss.

    An accuracy is an output called ``accuracy*`` or, second, one whose layer says that larger is better. Raises
    `NetdefError` when the solver tests nothing or the output is not there.
    """
    if not test_nets:
        raise solver.refuse("has no test net: a study compares test outputs, so give `test_iter` and `test_interval`")
    net = test_nets[0]
    if name is None:
        name = default_output(net)
        if name is None:
            raise NetdefError(
                f"the test net has no accuracy and no loss; choose one of {', '.join(net.outputs)} with --metric")
    if problem := why_not_single(net, name):
        raise NetdefError(f"--metric {name}: {problem}")
    return Metric(name, improves_upward(net, name))
