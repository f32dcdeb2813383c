"""The phases of an attached run, from Python or from the text of a solver, with the same fields and the same checks."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, fields
from pathlib import Path
from typing import Literal

from dsd.display.number_text import decimal
from dsd.engine.phase import Phase
from dsd.masks.policies.base import prunes
from dsd.plan.phases import plan_phases
from netdef.definition.definitions import SolverDefinition
from netdef.errors import NetdefError, Problems
from netdef.schema import messages
from netdef.schema.descriptors import descriptor_of
from netdef.schema.where import Where

_OWN_RATES = ("lr_policy", "gamma", "power", "stepsize", "stepvalue")


class AttachError(NetdefError, ValueError):
    """A model, an optimiser, phases or a state that cannot be attached."""


@dataclass(frozen=True, repr=False)
class Dense:
    """A phase in which all weights train.

    Attributes:
        length: optimiser steps, or epochs if `attach` is given ``steps_per_epoch``.
        name: for reports; by default "dense" or "re-dense".
        lr: at the phase's start the rate of every parameter group becomes this multiple of what it was when attached. None
            leaves the rates alone, for a scheduler of the loop.
        solver_state, regrow: as in ``dsd_phase``. The first phase leaves the optimiser's state as it is unless given.
    """

    length: float
    _: KW_ONLY
    name: str | None = None
    lr: float | None = None
    solver_state: Literal["RESET", "CARRY", "CARRY_ACTIVE"] | None = None
    regrow: Literal["ZERO", "SAVED", "FILLER"] | None = None

    def __repr__(self) -> str:
        """The call that makes the phase, with the fields that are given."""
        given = [f"{f.name}={getattr(self, f.name)!r}" for f in fields(self)[1:] if getattr(self, f.name) not in (None, {}, ())]
        return f"{type(self).__name__}({', '.join([f'{self.length:g}', *given])})"

    def message(self) -> messages.DsdPhase:
        """The phase as a message, without its length."""
        stated = {field.name: getattr(self, field.name) for field in fields(self)}
        for name in ("length", "lr", "layers", "mask_end"):
            stated.pop(name, None)
        for name, value in stated.items():
            words = descriptor_of(messages.DsdPhase).fields_by_name[name].enum_type
            if words is not None and value is not None and value not in words.values_by_name:
                raise ValueError(f"`{name}` is {value!r}; it is one of {', '.join(words.values_by_name)}")
        return messages.DsdPhase(**{name: value for name, value in stated.items() if value is not None})


@dataclass(frozen=True, repr=False)
class Sparse(Dense):
    """A phase in which weights are pruned and stay at zero.

    Attributes, beside those of `Dense`, are the fields of ``dsd_phase``:
        sparsity: the share of each layer's weights that is pruned.
        layers: {pattern: sparsity} of layers, by the names of their modules; the last match counts.
        exclude: patterns of layers that are not pruned.
        mask_end: in the unit of ``length``.
    """

    _: KW_ONLY
    sparsity: float | None = None
    layers: Mapping[str, float] = dataclasses.field(default_factory=dict)
    exclude: Sequence[str] = ()
    constraint: Literal["MASK_BLOB", "ZERO_AFTER_STEP", "MASK_UPDATE"] | None = None
    clip_scope: Literal["ACTIVE", "ALL"] | None = None
    scope: Literal["LAYER", "GLOBAL"] | None = None
    mask_policy: Literal["FIXED", "GRADUAL", "DYNAMIC", "N_OF_M", "CHANNEL", "RANDOM"] | None = None
    mask_end: float | None = None
    update_interval: int | None = None
    n: int | None = None
    m: int | None = None
    channel_norm: Literal["L1", "L2"] | None = None
    c_rate: float | None = None
    splice_gamma: float | None = None
    splice_power: float | None = None

    def message(self) -> messages.DsdPhase:
        made = super().message()
        made.layer.extend(messages.DsdLayer(name=name, sparsity=share) for name, share in self.layers.items())
        return made


Phases = str | Sequence[Dense]
"""``dsd_phase { ... }`` blocks as text, or `Dense` and `Sparse` objects."""


@dataclass(frozen=True)
class AttachedPhase(Phase):
    """A phase counted in steps of the optimiser.

    ``lr`` is the multiple of the groups' rates that holds from its start, ``base_lr`` the rate of the first group from
    then on, the others in proportion. One of them is None, or both.
    """

    lr: float | None = None
    base_lr: float | None = None


def read_phases(phases: Phases, steps_per_epoch: int | None = None) -> tuple[AttachedPhase, ...]:
    """Read phases. Raises `SpecError` with all mistakes in their fields, and `AttachError` for what is no phase."""
    solver, lengths = _from_text(phases) if isinstance(phases, str) else _from_objects(phases)
    message = messages.SolverParameter()
    message.CopyFrom(solver.message)
    if not message.dsd_phase:
        raise AttachError("there are no phases; give dsd.Dense(steps), dsd.Sparse(steps, sparsity=0.3), ...")
    for phase, (length, mask_end) in zip(message.dsd_phase, lengths):
        phase.max_iter = _steps(length, steps_per_epoch)
        if mask_end is not None:
            phase.mask_end = _steps(mask_end, steps_per_epoch)
        if not phase.HasField("base_lr"):
            phase.base_lr = 1  # `plan_phases` wants a rate
    first = message.dsd_phase[0]
    if not first.HasField("solver_state"):
        first.solver_state = messages.DsdPhase.CARRY
    message.lr_policy = "fixed"
    planned = plan_phases(dataclasses.replace(solver, message=message))
    factors = [None] * len(planned) if isinstance(phases, str) else [phase.lr for phase in phases]
    return tuple(
        AttachedPhase(**{field.name: getattr(plan, field.name) for field in fields(Phase)}, lr=factor,
                      base_lr=decimal(stated.base_lr) if stated.HasField("base_lr") else None)
        for plan, factor, stated in zip(planned, factors, solver.message.dsd_phase))


_Lengths = list[tuple[float, float | None]]


def _from_objects(phases: Sequence[Dense]) -> tuple[SolverDefinition, _Lengths]:
    made = []
    for number, phase in enumerate(phases, 1):
        if not isinstance(phase, Dense):
            raise AttachError(f"phase {number} is {phase!r}; give dsd.Dense or dsd.Sparse")
        if phase.lr is not None and not 0 <= phase.lr < math.inf:
            raise AttachError(f"phase {number}: `lr` is {phase.lr:g}; it must be at least 0")
        try:
            made.append(phase.message())
            if isinstance(phase, Sparse) and not prunes(made[-1]):
                raise AttachError(f"phase {number}: {phase!r} has no sparsity; give one, as in dsd.Sparse({phase.length:g}, "
                                  "sparsity=0.3), or `layers` or a `mask_policy`")
        except (TypeError, ValueError) as error:  # protobuf's: a wrong type, a number too large, an unknown word
            raise AttachError(f"phase {number}: {error}") from None
    solver = SolverDefinition(messages.SolverParameter(dsd_phase=made), Where(), Path())
    return solver, [(phase.length, getattr(phase, "mask_end", None)) for phase in phases]


def _from_text(text: str) -> tuple[SolverDefinition, _Lengths]:
    from netdef.definition.read import read_solver_text  # the parser is loaded for texts only

    solver = read_solver_text(text, name="phases")
    problems = Problems()
    for field, _ in solver.message.ListFields():
        if field.name != "dsd_phase":
            problems.add(f"`{field.name}` has no meaning here: only `dsd_phase {{ ... }}` does", solver.span(field.name))
    for index, phase in enumerate(solver.message.dsd_phase):
        for field, _ in phase.ListFields():
            if field.name in _OWN_RATES:
                problems.add(f"`{field.name}`: rates within a phase are the loop's; a phase sets `base_lr` at its start",
                             solver.span("dsd_phase", index, field.name))
            elif field.name == "until_converged":
                problems.add("`until_converged`: the tests are the loop's; call `run.end_phase()` when one says so",
                             solver.span("dsd_phase", index, field.name))
    problems.raise_any()
    return solver, [(p.max_iter, p.mask_end if p.HasField("mask_end") else None) for p in solver.message.dsd_phase]


def _steps(length: float, steps_per_epoch: int | None) -> int:
    if steps_per_epoch is not None and steps_per_epoch < 1:
        raise AttachError(f"`steps_per_epoch` is {steps_per_epoch}; it must be at least 1")
    if steps_per_epoch is None and length != round(length):
        raise AttachError(f"a phase has a length of {length:g} steps; it must be whole, or in epochs with `steps_per_epoch`")
    return round(length * (steps_per_epoch or 1))
