"""Prepare a run from its solver: settings, phases, nets and masks, with all mistakes reported together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from dsd.distributed import ALONE, World
from dsd.engine.choose import Pruner
from dsd.masks.mask import NamedWeight
from dsd.plan.emptied import refuse_emptied, warn_of_idle
from dsd.plan.masks import named_weights, usual_layers, with_masks
from dsd.plan.nets import check_evaluation, test_nets, train_net, weight_files
from dsd.plan.phases import DsdPhase, plan_phases
from dsd.plan.settings import check_settings, choose_device, choose_seed
from dsd.plan.staying_zeros import with_staying_zeros
from dsd.plan.until_converged import watched_output
from netdef.definition.definitions import NetDefinition, SolverDefinition
from netdef.errors import Problems, SpecError
from netdef.graph.build import build_net
from netdef.graph.net import Net
from netdef.graph.unread import unread_problems


@dataclass(frozen=True)
class RunOptions:
    """Options of a run besides its solver; `Trainer` documents them."""

    sparsity: float | None = None
    max_iter: int | None = None
    seed: int | None = None
    level: int = 0
    stages: tuple[str, ...] = ()
    weights: tuple[str | Path, ...] = ()
    patience: int | None = None


_NO_OPTIONS = RunOptions()


@dataclass(frozen=True, eq=False)
class RunDefinition:
    """The texts of a run, read and checked.

    ``plain`` is the net to train as in its text, filtered; ``train`` is the same with the Mask layers that the phases
    need. ``tests`` are the nets to test.
    """

    solver: SolverDefinition
    phases: tuple[DsdPhase, ...]
    plain: NetDefinition
    train: NetDefinition
    tests: tuple[NetDefinition, ...]


@dataclass(frozen=True, eq=False)
class PreparedRun(RunDefinition):
    """A run with its nets built on a device. ``weights`` are the files to load: those of the options, else the solver's.
    ``seed_given`` says whether the seed was named, by the options or the solver."""

    device: torch.device
    seed: int
    seed_given: bool
    weights: tuple[Path, ...]
    net: Net
    test_nets: list[Net]

    @property
    def named_weights(self) -> list[NamedWeight]:
        """The weights that masks cover."""
        return named_weights(self.net, usual_layers(self.plain))


def read_run(
    solver: SolverDefinition, options: RunOptions = _NO_OPTIONS, problems: Problems | None = None
) -> RunDefinition:
    """Read the phases and nets of a solver. No net is built, and data and weights need not exist.

    Raises `SpecError` with the mistakes in all texts, and with ``problems``, those that reading the solver has found (see
    `read_solver`).
    """
    return _Reading(solver, options, problems).definition()


def prepare(
    solver: SolverDefinition, options: RunOptions = _NO_OPTIONS, device: str | torch.device | None = None,
    world: World = ALONE, *, check_only: bool = False, problems: Problems | None = None,
) -> PreparedRun:
    """Prepare a run: read it and build its nets, with parameters from their fillers by the seed.

    ``device`` is where the nets are built, by default where the solver says; with ``check_only`` they take no memory.
    Raises `SpecError` with the mistakes in solver, phases, nets and their data; ``problems`` as for `read_run`.
    """
    reading = _Reading(solver, options, problems)
    weights = [Path(file) for file in options.weights] or reading.weight_files()
    place = torch.device("meta") if check_only else choose_device(solver, device)
    seed = choose_seed(solver, options.seed, world)
    if not check_only:
        torch.manual_seed(seed)
    net, test_nets = reading.build(place)
    found = reading.definition()
    assert net is not None  # as nothing is wrong
    prepared = PreparedRun(
        found.solver, _with_watched_outputs(solver, found.phases, test_nets), found.plain, found.train, found.tests, place, seed,
        options.seed is not None or solver.message.random_seed >= 0, tuple(weights), net, test_nets)
    pruner = Pruner(prepared.named_weights)
    refuse_emptied(solver, prepared.phases, pruner)
    warn_of_idle(prepared.phases, pruner)
    return prepared


def _with_watched_outputs(
    solver: SolverDefinition, phases: tuple[DsdPhase, ...], test_nets: list[Net]
) -> tuple[DsdPhase, ...]:
    """The phases with the names of the outputs that end them. Raises `SpecError` with all that cannot be followed."""
    found, problems = [], Problems()
    for index, phase in enumerate(phases):
        if phase.until is not None:
            place = ("dsd_phase", index) if solver.message.dsd_phase else ()
            phase = replace(phase, until=watched_output(solver, phase.until, test_nets, place, problems))
        found.append(phase)
    problems.raise_any()
    return tuple(found)


class _Reading:
    """Read all parts of a run, each regardless of errors in the others, and collect the problems."""

    def __init__(self, solver: SolverDefinition, options: RunOptions, problems: Problems | None):
        self.solver = solver
        self.problems = Problems() if problems is None else problems
        self.misread = bool(self.problems)  # then further problems in the solver's own text are not reported
        self.in_nets = Problems()
        self.in_train, self.in_tests = Problems(), Problems()  # fields of the nets' texts that were misread
        self.cause: BaseException | None = None  # the first error in a user's own code
        self.phases: tuple[DsdPhase, ...] = ()
        self.plain: NetDefinition | None = None
        self.train: NetDefinition | None = None
        self.tests: list[NetDefinition] = []
        if not self.misread:
            with self.collecting(self.problems):
                check_settings(solver)
            with self.collecting(self.problems):
                self.phases = plan_phases(
                    solver, sparsity=options.sparsity, max_iter=options.max_iter, patience=options.patience)
        with self.collecting(self.in_nets):
            self.plain = self.train = train_net(solver, options.level, options.stages, self.in_train)
            self.in_train.add_new(unread_problems(self.plain))
            if not self.in_train:  # else a layer that a phase names may have been misread
                self.train = with_masks(with_staying_zeros(self.plain, solver), solver, self.phases)
        with self.collecting(self.in_nets):
            self.tests = test_nets(solver, self.in_tests)
            check_evaluation(solver, self.tests)

    @contextmanager
    def collecting(self, problems: Problems) -> Iterator[None]:
        """Add the problems of a `SpecError` and go on."""
        try:
            yield
        except SpecError as error:
            problems.add_new(error.problems)
            self.cause = self.cause or error.__cause__

    def weight_files(self) -> list[Path]:
        """The weight files that the solver names."""
        found: list[Path] = []
        if not self.misread:
            with self.collecting(self.problems):
                found = weight_files(self.solver)
        return found

    def build(self, device: torch.device) -> tuple[Net | None, list[Net]]:
        """Build the nets as far as possible; on the meta device if there are problems already."""
        place = torch.device("meta") if self.problems or self.in_nets else device
        net, tests = None, []
        if self.train is not None:
            with self.collecting(self.in_nets):
                net = build_net(self.train, place, problems=self.in_train)
        for spec in self.tests:
            with self.collecting(self.in_nets):
                tests.append(build_net(spec, place, store=net, problems=Problems(self.in_tests)))
        return net, tests

    def definition(self) -> RunDefinition:
        """All parts. Raises `SpecError` with all problems."""
        self.in_nets.add_new([*self.in_train, *self.in_tests])
        # A misread solver may seem to lack a net that it has.
        span = self.solver.span()
        own = span.source if self.misread and span else None
        self.problems.add_new(
            problem for problem in self.in_nets if not (own and problem.span and problem.span.source == own))
        self.problems.raise_any(self.cause)
        assert self.plain is not None and self.train is not None  # as nothing is wrong
        return RunDefinition(self.solver, self.phases, self.plain, self.train, tuple(self.tests))
