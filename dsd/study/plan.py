"""The plan of a study: solver, arms with their controls, seeds, and the digests that identify finished runs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile
from pathlib import Path

from dsd.plan.nets import weight_files
from dsd.plan.phases import DsdPhase, plan_phases
from dsd.plan.prepare import RunDefinition, RunOptions, prepare
from dsd.study.arms import ARMS, ArmError, Phases, arm, control, messages_of
from dsd.study.metric import Metric, choose_metric
from netdef.definition.definitions import SolverDefinition
from netdef.errors import Problems

VERSION = 1  # of study.json and of the files of its runs

# Fields that do not change what a run computes.
_NOT_COMPUTING = (
    "display", "snapshot", "snapshot_prefix", "snapshot_format", "snapshot_after_train", "random_seed", "debug_info")

Planned = tuple[DsdPhase, ...]


@dataclass(frozen=True)
class Branch:
    """Another arm's run with the same seed, and the iteration up to which both are the same."""

    arm: str
    iteration: int


@dataclass(frozen=True, eq=False)
class StudyPlan:
    """The plan of a study.

    Attributes:
        run: the study's solver with its nets, read and checked.
        arms: {arm: its phases} of the arms asked for and of the controls, controls first; ``texts`` as in a solver's text.
        controls: {arm: its control}: the same phases without masks, at least as long.
        sources: {arm: the arm whose run it is read from}: itself, or one that begins with all of it.
        further: {name: run} of further controls by solvers of their own. They are arms, too, which others of their length are
            compared with.
        precision: what passes compute in, as for `Trainer`.
    """

    run: RunDefinition
    arms: dict[str, Planned]
    texts: dict[str, Phases]
    controls: dict[str, str]
    sources: dict[str, str]
    seeds: tuple[int, ...]
    metric: Metric
    further: dict[str, RunDefinition]
    precision: str | None = None

    @property
    def solver(self) -> SolverDefinition:
        """The solver as it was read."""
        return self.run.solver

    def solver_of(self, arm: str) -> SolverDefinition:
        """The solver of an arm, whose phases are ``texts[arm]``: that of the study, or a further control's own."""
        return self._run_of(arm).solver

    def _run_of(self, arm: str) -> RunDefinition:
        return self.further.get(arm, self.run)

    @property
    def comparisons(self) -> list[tuple[str, str]]:
        """The comparisons, as (arm, control): each arm with its control, then those of the same length with each further
        control."""
        more = [
            (arm, other) for other in self.further for arm in self.controls
            if arm not in self.further and self.arms[arm][-1].end == self.arms[other][-1].end]
        return [*self.controls.items(), *more]

    @cached_property
    def digest(self) -> str:
        """Digest of the solver, its phases and its nets: equal exactly if two studies can share runs."""
        return _digest(self.run, self.texts["dsd"], self.precision)

    @property
    def runs(self) -> list[tuple[str, int]]:
        """The runs to do, as (arm, seed): seed by seed, so that a study cut short has whole pairs. Controls come last: they
        branch from a run that records the weights it will prune, and need no such record themselves."""
        names = sorted(self.arms, key=lambda name: name not in self.controls)
        return [(name, seed) for seed in self.seeds for name in names if self.sources[name] == name]

    @cached_property
    def branches(self) -> dict[str, Branch]:
        """{arm: the earlier of `runs` from whose snapshot its run goes on}, at the end of the dense phases that begin both."""
        names = list(dict.fromkeys(name for name, _ in self.runs))
        found = {}
        for index, name in enumerate(names):
            shared = {
                other: self._shared(self.arms[name], self.arms[other]) for other in names[:index]
                if self.further.keys().isdisjoint({name, other})}
            longest = max(shared, key=lambda other: shared[other], default=None)
            if longest is not None and shared[longest]:
                found[name] = Branch(longest, shared[longest])
        return found

    def _shared(self, phases: Planned, others: Planned) -> int:
        """The end of the dense phases with which both begin; 0 for none."""
        if self.solver.message.momentum_policy == "poly" and phases[-1].end != others[-1].end:
            return 0  # the momentum of an iteration depends on the length of the run
        same = takewhile(lambda pair: pair[0] == pair[1] and not pair[0].sparse, zip(phases, others))
        return max((phase.end for phase, _ in same), default=0)

    def run_digest(self, name: str, seed: int) -> str:
        """Digest of everything that decides what a run computes, except the data and the device."""
        return hashlib.sha256(f"{_digest(self._run_of(name), self.texts[name], self.precision)} {seed}".encode()).hexdigest()


def _digest(run: RunDefinition, phases: Phases, precision: str | None) -> str:
    message = deepcopy(with_phases(run.solver, phases).message)
    for field in _NOT_COMPUTING:
        message.ClearField(field)
    digest = hashlib.sha256(f"dsd-study {VERSION}\n".encode())
    for part in (message, run.plain.message, *(net.message for net in run.tests)):
        digest.update(part.SerializeToString(deterministic=True))
    digest.update(_digest_of_weights(run.solver))
    digest.update((precision or "").encode())
    return digest.hexdigest()


def _digest_of_weights(solver: SolverDefinition) -> bytes:
    digest = hashlib.sha256()
    for path in weight_files(solver):
        with open(path, "rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest() if hasattr(hashlib, "file_digest")
                          else hashlib.sha256(file.read()).digest())
    return digest.digest()


def make_plan(
    solver: SolverDefinition,
    seeds: int,
    arms: Sequence[str] = (),
    sparsities: Sequence[float] = (),
    metric: str | None = None,
    problems: Problems | None = None,
    controls: Mapping[str, SolverDefinition] | None = None,
    precision: str | None = None,
) -> StudyPlan:
    """Plan a study of seeds 1 to ``seeds``.

    With phases in the solver each of ``sparsities`` is a further arm; on a plain solver the first one makes the phases,
    as ``dsd-train --sparsity`` does. ``controls`` are further ones, {name: solver}: dense trainings of as many iterations.
    Raises `SpecError` or `ArmError` for a solver without phases and no sparsity, phases without a sparse one, an unknown
    arm, two equal arms, a further control that is sparse or of another length. ``problems`` are those that reading the
    solver has found.
    """
    rest = list(sparsities)
    first = None if solver.message.dsd_phase or not rest else rest.pop(0)
    run = prepare(solver, RunOptions(first), check_only=True, problems=problems)
    planned = run.phases
    if first is None and not solver.message.dsd_phase:
        raise solver.refuse("has no `dsd_phase` to compare with plain training; give some, or --sparsity 0.3")
    if not any(phase.sparse for phase in planned):
        raise solver.refuse("has no sparse phase, so that every arm would be the control", "dsd_phase", 0)
    for index, phase in enumerate(planned):
        if phase.until is not None:
            raise solver.refuse("ends a phase when it has converged; a study compares runs of equal length",
                                "dsd_phase", index, "until_converged")
    base = messages_of(planned, solver.message.dsd_phase)
    wanted = ["dsd", *(name for name in arms if name not in ("dsd", "control")), *(f"sparsity-{s:g}" for s in rest)]
    texts = {name: arm(name, base) for name in dict.fromkeys(wanted)}
    made = {name: plan_phases(with_phases(solver, text)) for name, text in texts.items()}
    for index, name in enumerate(made):
        same = next((other for other in list(made)[:index] if made[other] == made[name]), None)
        if same:
            raise ArmError(f"arm `{name}` is the same as arm `{same}` on this solver; leave it out")
    bare, bare_texts, control_of = _controls(solver, texts, made)
    measure = choose_metric(solver, run.test_nets, metric)
    further = {name: _further_control(name, own, made, measure) for name, own in (controls or {}).items()}
    return StudyPlan(
        run,
        {**bare, **made, **{name: other.phases for name, other in further.items()}},
        {**bare_texts, **texts,
         **{name: messages_of(other.phases, other.solver.message.dsd_phase) for name, other in further.items()}},
        {**control_of, **dict.fromkeys(further, control_of["dsd"])},
        {**{name: name for name in (*bare, *further)}, **_sources(made)},
        tuple(range(1, seeds + 1)), measure, further, precision)


def _further_control(name: str, solver: SolverDefinition, made: dict[str, Planned], metric: Metric) -> RunDefinition:
    """The run of a further control. Raises `ArmError` for a name that is taken, for masks, and for another length."""
    if name in (*ARMS, *made) or name.startswith(("control", "sparsity-")):
        raise ArmError(f"--control {name}: an arm is called so; choose another name")
    run = prepare(solver, check_only=True)
    if any(phase.until for phase in run.phases):
        raise ArmError(f"--control {name}: its solver has `until_converged`; a study compares runs of equal length")
    if any(phase.sparse for phase in run.phases):
        raise ArmError(f"--control {name}: its solver has a sparse phase; a control is dense")
    length, wanted = run.phases[-1].end, made["dsd"][-1].end
    if length != wanted:
        raise ArmError(f"--control {name}: its solver has {length:,} iterations, the study's phases have {wanted:,}")
    choose_metric(solver, run.test_nets, metric.name)
    return run


def _controls(
    solver: SolverDefinition, texts: dict[str, Phases], made: dict[str, Planned]
) -> tuple[dict[str, Planned], dict[str, Phases], dict[str, str]]:
    """Controls by name, their texts, and the control of each arm: that of the longest arm with the same beginning."""
    controls: dict[str, Planned] = {}
    control_texts, control_of = {}, {}
    for name in sorted(made, key=lambda name: -made[name][-1].end):
        bare = plan_phases(with_phases(solver, control(texts[name])))
        found = next((known for known, theirs in controls.items() if _is_prefix(bare, theirs)), None)
        if found is None:
            found = f"control-{name}" if controls else "control"
            controls[found], control_texts[found] = bare, control(texts[name])
        control_of[name] = found
    return controls, control_texts, {name: control_of[name] for name in made}


def _sources(made: dict[str, Planned]) -> dict[str, str]:
    """{arm: the arm whose run has it as its beginning, or itself}."""
    longest_first = sorted(made, key=lambda name: -made[name][-1].end)
    return {name: next(other for other in longest_first if _is_prefix(made[name], made[other])) for name in made}


def with_phases(solver: SolverDefinition, phases: Phases, prefix: str | Path | None = None) -> SolverDefinition:
    """The solver with these phases in place of its own.

    With ``prefix`` its snapshots go there, at the end of each phase and at no interval.
    """
    message = deepcopy(solver.message)
    message.ClearField("dsd_phase")
    message.ClearField("max_iter")
    message.dsd_phase.extend(phases)
    if prefix is not None:
        message.snapshot_prefix, message.snapshot, message.snapshot_after_train = str(prefix), 0, True
        message.ClearField("snapshot_format")
    return replace(solver, message=message)


def _is_prefix(phases: Planned, longer: Planned) -> bool:
    """Whether a run of ``longer`` passes through the end of ``phases`` in the same state."""
    return phases == longer[: len(phases)]
