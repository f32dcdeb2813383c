"""The phases of Dense-Sparse-Dense training, as the solver file states them.

Plain Caffe training is one dense phase. Nothing here touches weights: a phase is a length, a rate schedule and, when it
is sparse, how much of which layer is pruned and by which of the published mechanisms.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from dsd.plan.mask_options import MaskPolicy, read_policy
from dsd.solver.rates import RateSchedule, schedule_fields
from netdef.definition.definitions import SolverDefinition
from netdef.errors import Problems
from netdef.schema.messages import DsdPhase as Message

_FIXED = MaskPolicy()


@dataclass(frozen=True)
class DsdPhase:
    """One phase. ``start`` and ``length`` are in iterations; the rates count from ``start``.

    ``sparsity`` is the share of each masked layer's weights that is pruned, None in a dense phase. ``layers`` are
    (pattern, sparsity) pairs of which the last match counts; ``exclude`` are patterns of layers never pruned.
    ``solver_state``, ``constraint``, ``clip_scope``, ``scope`` and ``regrow`` are the names of the schema's enums.
    ``policy`` says how masks are chosen. ``keeps_masks`` is plain training: masks that the net's text or weight files
    bring stay in force.
    """

    name: str
    start: int
    length: int
    rates: RateSchedule
    sparsity: float | None = None
    layers: tuple[tuple[str, float], ...] = ()
    exclude: tuple[str, ...] = ()
    solver_state: str = "RESET"
    constraint: str = "MASK_BLOB"
    clip_scope: str = "ACTIVE"
    scope: str = "LAYER"
    keeps_masks: bool = False
    policy: MaskPolicy = _FIXED
    regrow: str = "ZERO"

    @property
    def end(self) -> int:
        """The first iteration after the phase."""
        return self.start + self.length

    @property
    def sparse(self) -> bool:
        return self.sparsity is not None or bool(self.layers) or self.policy.c_rate is not None

    @property
    def rate_text(self) -> str:
        """``0.01 to 0.001``: the rates of its first and last iteration."""
        first, last = (f"{self.rates.at(i):.4g}" for i in (0, max(self.length - 1, 0)))
        return first if first == last else f"{first} to {last}"

    def names(self, layer: str) -> bool:
        """Whether a ``layer { name }`` pattern of the phase matches, and no ``exclude``."""
        return not self.excludes(layer) and any(fnmatchcase(layer, pattern) for pattern, _ in self.layers)

    def excludes(self, layer: str) -> bool:
        return any(fnmatchcase(layer, pattern) for pattern in self.exclude)

    def sparsity_of(self, layer: str, own: float | None = None) -> float | None:
        """The layer's sparsity in this phase; None keeps all of it.

        A ``layer`` pattern of the phase goes before ``own``, what the layer's Mask says, and that before the phase's. A
        policy that needs no sparsity goes before all; where its ``c_rate`` decides, the answer is 0.
        """
        if not self.sparse or self.excludes(layer):
            return None
        if self.policy.c_rate is not None:
            return 0.0
        if self.policy.name == "N_OF_M" and (self.sparsity is not None or self.names(layer)):
            return 1 - self.policy.n / self.policy.m
        for pattern, sparsity in reversed(self.layers):
            if fnmatchcase(layer, pattern):
                return sparsity
        return self.sparsity if own is None else own


def plan_phases(
    solver: SolverDefinition, *, sparsity: float | None = None, max_iter: int | None = None
) -> tuple[DsdPhase, ...]:
    """The phases of a solver, one after the other.

    ``sparsity`` is the paper's single hyper-parameter on a solver without phases: dense as the solver says, then a sparse
    and a re-dense phase of half its length each, at a tenth and a hundredth of the rate. ``max_iter`` replaces the
    solver's; with phases in the solver it ends the run early. Raises `SpecError` with all that is wrong.
    """
    problems = Problems()
    message = solver.message
    total = message.max_iter if max_iter is None else max_iter
    if message.dsd_phase:
        if sparsity is not None:
            problems.add("the solver has phases of its own; give their sparsities there", solver.span("dsd_phase", 0))
        phases = _stated(solver, problems)
        if max_iter is not None:
            phases = [replace(p, length=min(p.length, max_iter - p.start)) for p in phases if p.start < max_iter]
    else:
        if max_iter is None and not message.HasField("max_iter"):
            problems.add("the solver has no `max_iter`", solver.span())
        elif total < 0:
            problems.add(f"`max_iter` is {total}; it must not be negative", solver.span("max_iter"))
        phases = _implied(solver, total, sparsity, problems)
    problems.raise_any()
    return tuple(phases)


def _stated(solver: SolverDefinition, problems: Problems) -> list[DsdPhase]:
    phases: list[DsdPhase] = []
    start = 0
    for index, message in enumerate(solver.message.dsd_phase):
        place = ("dsd_phase", index)
        if message.max_iter <= 0:
            said = f"`max_iter` {message.max_iter}" if message.HasField("max_iter") else "no `max_iter`"
            problems.add(f"phase {index + 1} has {said}; give its length in iterations, at least 1",
                         solver.span(*place, "max_iter"))
            message = Message.FromString(message.SerializeToString())
            message.max_iter = 1  # so that the rest is looked at
        if message.HasField("sparsity"):
            _check_sparsity(message.sparsity, solver, problems, *place, "sparsity")
        for i, layer in enumerate(message.layer):
            if not layer.name or not layer.HasField("sparsity"):
                problems.add("`layer` needs a `name` (patterns with * and ? are allowed) and a `sparsity`",
                             solver.span(*place, "layer", i))
            else:
                _check_sparsity(layer.sparsity, solver, problems, *place, "layer", i, "sparsity")
        policy = read_policy(solver, message, place, problems)
        if message.regrow != Message.ZERO and not any(p.sparse for p in phases):
            stated = Message.Regrow.Name(message.regrow)
            problems.add(f"phase {index + 1} has `regrow: {stated}`, but no phase before it prunes",
                         solver.span(*place, "regrow"))
        rates = _schedule(solver, message, place, problems)
        if rates is not None:
            phase = _phase(message, start, rates if not phases else replace(rates, warmup_iter=0), policy)
            kind = "sparse" if phase.sparse else "re-dense" if any(p.sparse for p in phases) else "dense"
            phases.append(replace(phase, name=message.name or kind))
        start += max(message.max_iter, 0)
    if solver.message.HasField("max_iter") and solver.message.max_iter != start and not problems:
        problems.add(
            f"`max_iter` is {solver.message.max_iter}, but the phases add up to {start}; leave it out or give {start}",
            solver.span("max_iter"))
    return phases


def _phase(message: Message, start: int, rates: RateSchedule, policy: MaskPolicy) -> DsdPhase:
    sparsity = message.sparsity if message.HasField("sparsity") else None
    if policy.name == "N_OF_M" and not message.layer:
        sparsity = 1 - policy.n / max(policy.m, 1)
    return DsdPhase(
        name=message.name,
        start=start,
        length=message.max_iter,
        rates=rates,
        sparsity=sparsity,
        layers=tuple((layer.name, layer.sparsity) for layer in message.layer),
        exclude=tuple(message.exclude),
        solver_state=Message.SolverStateRule.Name(message.solver_state),
        # Pruned weights that learn under the mask get dense updates, and are taken out of the net after each.
        constraint="ZERO_AFTER_STEP" if policy.learns_under_mask else Message.Constraint.Name(message.constraint),
        clip_scope=Message.ClipScope.Name(message.clip_scope),
        scope=Message.Scope.Name(message.scope),
        policy=policy,
        regrow=Message.Regrow.Name(message.regrow),
    )


def _implied(solver: SolverDefinition, total: int, sparsity: float | None, problems: Problems) -> list[DsdPhase]:
    rates = _schedule(solver, Message(max_iter=max(total, 0)), (), problems)
    if rates is None:
        return []
    dense = DsdPhase("dense", 0, total, rates)
    if sparsity is None:
        return [replace(dense, keeps_masks=True)]
    if not 0 <= sparsity < 1:
        problems.add(f"the sparsity is {sparsity:g}; it must be at least 0 and below 1")
    half = max(total // 2, 1)
    slower, slowest = (rates.slowed(factor, half) for factor in (10, 100))
    return [
        dense,
        DsdPhase("sparse", total, half, slower, sparsity=sparsity),
        DsdPhase("re-dense", total + half, half, slowest),
    ]


def _schedule(
    solver: SolverDefinition, phase: Message, place: tuple[str | int, ...], problems: Problems
) -> RateSchedule | None:
    fields = schedule_fields(solver.message, phase)
    complaints = RateSchedule.check(**fields)
    own = {field.name for field, _ in phase.ListFields()}
    for field, complaint in complaints:
        problems.add(complaint, solver.span(*place, field) if place and field in own else solver.span(field))
    return None if complaints else RateSchedule(**fields)


def _check_sparsity(value: float, solver: SolverDefinition, problems: Problems, *place: str | int) -> None:
    if not 0 <= value < 1:
        problems.add(f"`sparsity` is {value:g}; it must be at least 0 and below 1", solver.span(*place))
