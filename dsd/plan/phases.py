"""Read the phases of Dense-Sparse-Dense training from a solver. Plain Caffe training is one dense phase."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace

from dsd.engine.phase import Phase, Regrow, Scope
from dsd.masks.policies.base import MaskPolicy
from dsd.plan.mask_policy import read_policy
from dsd.plan.until_converged import UntilConverged, read_until_converged
from dsd.solver.choices import ClipScope, Constraint, StateRule
from dsd.solver.from_message import read_rates
from dsd.solver.rates import RateError, RateSchedule
from netdef.definition.definitions import SolverDefinition
from netdef.errors import Problems
from netdef.schema import messages


@dataclass(frozen=True)
class DsdPhase(Phase):
    """A phase of a solver: a `Phase` with a rate for each iteration, counted from its start.

    ``until`` ends it before its length, when it has converged.
    """

    rates: RateSchedule = dataclasses.field(kw_only=True)
    until: UntilConverged | None = dataclasses.field(default=None, kw_only=True)

    @property
    def rate_text(self) -> str:
        """``0.01 to 0.001``: the rates of its first and last iteration; with ``plateau`` the last one after all steps."""
        first, last = (f"{self.rates.at(i, steps):.4g}" for i, steps in (
            (0, 0), (max(self.length - 1, 0), len(self.rates.windows))))
        return first if first == last else f"{first} to {last}"


def plan_phases(
    solver: SolverDefinition, *, sparsity: float | None = None, max_iter: int | None = None, patience: int | None = None
) -> tuple[DsdPhase, ...]:
    """Read the phases of a solver, in order.

    ``sparsity`` is the paper's single hyper-parameter on a solver without phases: dense as the solver says, then a sparse
    and a re-dense phase of half its length each, at a tenth and a hundredth of the rate. ``max_iter`` replaces the
    solver's; with phases in the solver it ends the run early. ``patience`` ends every phase without an ``until_converged``
    when it has converged. Raises `SpecError` with all mistakes.
    """
    problems = Problems()
    message = solver.message
    total = message.max_iter if max_iter is None else max_iter
    if message.dsd_phase:
        if sparsity is not None:
            problems.add("the solver has phases of its own; give their sparsities there", solver.span("dsd_phase", 0))
        phases = _stated(solver, problems)
        if max_iter is not None:
            phases = [replace(p, length=min(p.length, max_iter - p.start)) for p in phases if p.start < max_iter or not p.start]
    else:
        if max_iter is None and not message.HasField("max_iter"):
            problems.add("the solver has no `max_iter` and no `dsd_phase`; give the length of the training", solver.span())
        elif total < 0:
            problems.add(f"`max_iter` is {total}; it must not be negative", solver.span("max_iter"))
        phases = _implied(solver, total, sparsity, problems)
    if patience is not None:
        if patience < 1:
            problems.add(f"the patience is {patience}; it must be at least 1 test")
        phases = [replace(phase, until=phase.until or UntilConverged(patience)) for phase in phases]
    problems.raise_any()
    return tuple(phases)


def _stated(solver: SolverDefinition, problems: Problems) -> list[DsdPhase]:
    phases: list[DsdPhase] = []
    start = 0
    for index, message in enumerate(solver.message.dsd_phase):
        place = ("dsd_phase", index)
        if message.max_iter <= 0:
            given = f"`max_iter` {message.max_iter}" if message.HasField("max_iter") else "no `max_iter`"
            problems.add(f"phase {index + 1} has {given}; give its length in iterations, at least 1",
                         solver.span(*place, "max_iter"))
            message = messages.DsdPhase.FromString(message.SerializeToString())
            message.max_iter = 1  # to check the rest
        if message.HasField("sparsity"):
            _check_sparsity(message.sparsity, solver, problems, *place, "sparsity")
        for i, layer in enumerate(message.layer):
            if not layer.name or not layer.HasField("sparsity"):
                lacks = "sparsity" if layer.name else "name"
                problems.add(f"`layer` has no `{lacks}`; give a `name`, in which * and ? are allowed, and a `sparsity`",
                             solver.span(*place, "layer", i))
            else:
                _check_sparsity(layer.sparsity, solver, problems, *place, "layer", i, "sparsity")
        policy = read_policy(solver, message, place, problems)
        if message.regrow != messages.DsdPhase.ZERO and not any(p.sparse for p in phases):
            stated = messages.DsdPhase.Regrow.Name(message.regrow)
            problems.add(f"phase {index + 1} has `regrow: {stated}`, but no phase before it prunes",
                         solver.span(*place, "regrow"))
        rates = _schedule(solver, message, place, problems)
        if rates is not None:
            phase = _phase(message, start, rates if not phases else replace(rates, warmup_iter=0), policy)
            phase = replace(phase, until=read_until_converged(solver, message, place, problems))
            kind = "sparse" if phase.sparse else "re-dense" if any(p.sparse for p in phases) else "dense"
            phases.append(replace(phase, name=message.name or kind))
        start += max(message.max_iter, 0)
    if solver.message.HasField("max_iter") and solver.message.max_iter != start and not problems:
        problems.add(
            f"`max_iter` is {solver.message.max_iter}, but the phases add up to {start}; leave it out or give {start}",
            solver.span("max_iter"))
    return phases


def with_masks_of(phase: DsdPhase, solver: SolverDefinition, message: messages.DsdPhase) -> DsdPhase:
    """The phase with the masks of another text of it: name, start, length and rates stay."""
    policy = read_policy(solver, message, (), Problems())
    masked = _phase(message, phase.start, phase.rates, policy)
    return replace(masked, name=phase.name, length=phase.length, until=phase.until)


def _phase(message: messages.DsdPhase, start: int, rates: RateSchedule, policy: MaskPolicy) -> DsdPhase:
    sparsity = message.sparsity if message.HasField("sparsity") else None
    if sparsity is None and not message.layer:
        sparsity = policy.sparsity
    return DsdPhase(
        name=message.name,
        start=start,
        length=message.max_iter,
        rates=rates,
        sparsity=sparsity,
        layers=tuple((layer.name, layer.sparsity) for layer in message.layer),
        exclude=tuple(message.exclude),
        solver_state=StateRule(message.solver_state),
        # Weights that learn under the mask need dense updates.
        constraint=Constraint.ZERO_AFTER_STEP if policy.learns_under_mask else Constraint(message.constraint),
        clip_scope=ClipScope(message.clip_scope),
        scope=Scope(message.scope),
        policy=policy,
        regrow=Regrow(message.regrow),
    )


def _implied(solver: SolverDefinition, total: int, sparsity: float | None, problems: Problems) -> list[DsdPhase]:
    rates = _schedule(solver, messages.DsdPhase(max_iter=max(total, 0)), (), problems)
    if rates is None:
        return []
    dense = DsdPhase("dense", 0, total, rates=rates)
    if sparsity is None:
        return [replace(dense, keeps_masks=True)]
    if not 0 <= sparsity < 1:
        problems.add(f"the sparsity is {sparsity:g}; it must be at least 0 and below 1")
    half = max(total // 2, 1)
    slower, slowest = (rates.slowed(factor, half) for factor in (10, 100))
    return [
        dense,
        DsdPhase("sparse", total, half, sparsity, rates=slower),
        DsdPhase("re-dense", total + half, half, rates=slowest),
    ]


def _schedule(
    solver: SolverDefinition, phase: messages.DsdPhase, place: tuple[str | int, ...], problems: Problems
) -> RateSchedule | None:
    try:
        return read_rates(solver.message, phase)
    except RateError as error:
        own = {field.name for field, _ in phase.ListFields()}
        for field, complaint in error.problems:
            problems.add(complaint, solver.span(*place, field) if place and field in own else solver.span(field))
        return None


def _check_sparsity(value: float, solver: SolverDefinition, problems: Problems, *place: str | int) -> None:
    if not 0 <= value < 1:
        problems.add(f"`sparsity` is {value:g}; it must be at least 0 and below 1", solver.span(*place))
