"""A solver with its nets and phases, examined whole before anything is trained: every mistake in any of it, at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from dsd.engine.choose import Pruner
from dsd.plan.masks import named_weights, usual_layers, with_masks
from dsd.plan.nets import test_nets, train_net, weight_files
from dsd.plan.phases import DsdPhase, plan_phases
from dsd.plan.settings import check_settings
from netdef.definition.definitions import SolverDefinition
from netdef.definition.read import read_solver
from netdef.errors import Problems, SpecError
from netdef.graph.build import build_net
from netdef.graph.net import Net


class Examined(NamedTuple):
    """A solver without mistakes, with its phases and nets, which lie on torch's meta device and take no memory."""

    solver: SolverDefinition
    phases: tuple[DsdPhase, ...]
    train: Net
    tests: list[Net]
    pruner: Pruner


def examine(
    path: str | Path, level: int = 0, stages: Sequence[str] = (), sparsity: float | None = None, *,
    lenient: bool = False, allow_python: bool = False,
) -> Examined:
    """A solver and all that it names. Raises `SpecError` with every mistake in any of it, each once.

    The arguments are those of `Trainer`.
    """
    problems = Problems()
    solver = read_solver(path, lenient=lenient, allow_python=allow_python, problems=problems)
    misread = bool(problems)
    phases, train, tests, pruner = (), None, [], None
    if not misread:
        with collecting(problems):
            check_settings(solver)
        with collecting(problems):
            phases = plan_phases(solver, sparsity=sparsity)
        with collecting(problems):
            weight_files(solver)
    in_nets = Problems()
    with collecting(in_nets):
        wrong = Problems()
        spec = train_net(solver, level, stages, wrong)
        masked = spec
        if not wrong:  # else a layer that a phase names may be there, misread
            with collecting(in_nets):
                masked = with_masks(spec, solver, phases)
        train = build_net(masked, "meta", problems=wrong)
        pruner = Pruner(named_weights(train, usual_layers(spec)))
    with collecting(in_nets):
        wrong = Problems()
        for spec in test_nets(solver, wrong):
            with collecting(in_nets):
                tests.append(build_net(spec, "meta", store=train, problems=Problems(wrong)))
    # A solver that could not be read as it is meant may seem to lack what it has.
    own = solver.span().source if misread else None
    problems.add_new(problem for problem in in_nets if not (own and problem.span and problem.span.source == own))
    problems.raise_any()
    return Examined(solver, phases, train, tests, pruner)


@contextmanager
def collecting(problems: Problems) -> Iterator[None]:
    """Note problems and go on."""
    try:
        yield
    except SpecError as error:
        problems.add_new(error.problems)
