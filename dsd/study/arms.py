"""The arms of a study: pure functions from the phases of a solver to the phases of one arm.

Phases are `dsd_phase` messages, as in the solver's text, so that an arm changes the fields it names and keeps all
others. Seeds, data and weights are the same for all arms. An arm is compared with its control: the same iterations at
the same rates without masks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from dsd.masks.policies.base import prunes
from dsd.plan.phases import DsdPhase
from netdef.errors import NetdefError, among
from netdef.schema.messages import DsdPhase as Message

Phases = tuple[Message, ...]

# The fields of a phase without a mask.
_RATES = ("base_lr", "lr_policy", "gamma", "power", "stepsize", "stepvalue")
_DENSE = ("name", "max_iter", *_RATES, "solver_state")


class ArmError(NetdefError, ValueError):
    """An arm that does not exist or that these phases cannot have."""


def control(phases: Phases) -> Phases:
    """The phases without masks; lengths, rates and `solver_state` are unchanged."""
    return tuple(edited(phase, keep=_DENSE) for phase in phases)


def dsd(phases: Phases) -> Phases:
    """The phases of the solver, unchanged."""
    return phases


def dsdsd(phases: Phases) -> Phases:
    """The first sparse phase and all that follow it once more. Raises `ArmError` when the phases end sparse."""
    if prunes(phases[-1]):
        raise ArmError("arm `dsdsd`: the solver's last phase is sparse, so that there is no re-dense phase to repeat")
    first = next(i for i, phase in enumerate(phases) if prunes(phase))
    return phases + tuple(edited(phase, name=f"{phase.name} again") for phase in phases[first:])


def stop_after_sparse(phases: Phases) -> Phases:
    """The phases up to the end of the last sparse one: a pruned net."""
    last = max(i for i, phase in enumerate(phases) if prunes(phase))
    return phases[: last + 1]


def random_masks(phases: Phases) -> Phases:
    """The phases with as many weights pruned, chosen at random: shows the effect of choosing small ones."""
    keep = (*_DENSE, "sparsity", "layer", "exclude", "constraint", "clip_scope")
    return _in_sparse(phases, keep=keep, mask_policy="RANDOM")


def regrow(phases: Phases, rule: str) -> Phases:
    """The phases with another start of the pruned weights after each sparse one: `dsd_phase.regrow` by name."""
    return tuple(
        edited(phase, regrow=rule) if index and prunes(phases[index - 1]) else phase
        for index, phase in enumerate(phases))


def with_sparsity(phases: Phases, sparsity: float) -> Phases:
    """The phases with another sparsity in every sparse one, also for layers with a sparsity of their own unless that is 0."""

    def changed(phase: Message) -> Message:
        copy = edited(phase)
        if copy.HasField("sparsity"):
            copy.sparsity = sparsity
        for layer in copy.layer:
            layer.sparsity = sparsity if layer.sparsity else 0.0
        return copy

    return tuple(map(changed, phases))


ARMS: dict[str, Callable[[Phases], Phases]] = {
    "dsd": dsd,
    "dsdsd": dsdsd,
    "stop-after-sparse": stop_after_sparse,
    "random-masks": random_masks,
    "regrow-zero": lambda phases: regrow(phases, "ZERO"),
    "regrow-saved": lambda phases: regrow(phases, "SAVED"),
    "regrow-filler": lambda phases: regrow(phases, "FILLER"),
    "mask-blob": lambda phases: _in_sparse(phases, constraint="MASK_BLOB"),
    "zero-after-step": lambda phases: _in_sparse(phases, constraint="ZERO_AFTER_STEP"),
    "mask-update": lambda phases: _in_sparse(phases, constraint="MASK_UPDATE"),
    "reset": lambda phases: tuple(edited(phase, solver_state="RESET") for phase in phases),
    "carry": lambda phases: tuple(edited(phase, solver_state="CARRY") for phase in phases),
    "carry-active": lambda phases: tuple(edited(phase, solver_state="CARRY_ACTIVE") for phase in phases),
}
_SPARSITY = re.compile(r"sparsity-(0?\.\d+|0)")


def arm(name: str, phases: Phases) -> Phases:
    """The phases of an arm by its name: one of `ARMS`, or ``sparsity-0.5`` for another sparsity.

    Raises `ArmError` for a name that is neither.
    """
    if match := _SPARSITY.fullmatch(name):
        return with_sparsity(phases, float(match[1]))
    if name not in ARMS:
        raise ArmError(
            f"unknown arm `{name}`{among(name, ARMS, 'the arms are')} and sparsity-S with"
            " 0 <= S < 1, such as sparsity-0.5; the control is always there")
    return ARMS[name](phases)


def messages_of(phases: Sequence[DsdPhase], stated: Sequence[Message]) -> Phases:
    """Phases as named messages: those of the solver's text, ``stated``, or new ones if the text has none."""
    if stated:
        return tuple(edited(message, name=phase.name) for phase, message in zip(phases, stated, strict=True))
    return tuple(
        Message(name=p.name, max_iter=p.length, sparsity=p.sparsity, base_lr=p.rates.base_lr) for p in phases)


def _in_sparse(phases: Phases, **changes: Any) -> Phases:
    return tuple(edited(phase, **changes) if prunes(phase) else phase for phase in phases)


def edited(phase: Message, keep: Sequence[str] | None = None, **fields: Any) -> Message:
    """A copy of a phase with only the fields of ``keep`` (None: all) and these ones set; enums by name."""
    copy = deepcopy(phase)
    for descriptor, _ in phase.ListFields():
        if keep is not None and descriptor.name not in keep:
            copy.ClearField(descriptor.name)
    copy.MergeFrom(Message(**fields))
    return copy
