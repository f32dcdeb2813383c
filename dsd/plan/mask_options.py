"""What a phase's text says about its masks: the policy and its numbers, read and checked."""

from __future__ import annotations

import math
from dataclasses import dataclass

from netdef.definition.definitions import SolverDefinition
from netdef.errors import Problems
from netdef.schema.messages import DsdPhase as Message

# Fields of a phase that only some policies read.
_FIELDS_OF = {
    "mask_end": ("GRADUAL", "DYNAMIC"),
    "update_interval": ("GRADUAL",),
    "n": ("N_OF_M",),
    "m": ("N_OF_M",),
    "channel_norm": ("CHANNEL",),
    "c_rate": ("DYNAMIC",),
    "splice_gamma": ("DYNAMIC",),
    "splice_power": ("DYNAMIC",),
}


@dataclass(frozen=True)
class MaskPolicy:
    """How a sparse phase chooses its masks. ``name`` is of the schema's enum; the rest as in the schema's `DsdPhase`.

    ``end`` is the iteration of the phase from which masks stay. ``order`` is that of the norm of channels.
    """

    name: str = "FIXED"
    end: int = 0
    interval: int = 100
    n: int = 2
    m: int = 4
    order: int = 2
    c_rate: float | None = None
    gamma: float = 0.0001
    power: float = 1.0

    @property
    def learns_under_mask(self) -> bool:
        """Whether pruned weights go on learning, unseen: the gradient goes straight through the mask."""
        return self.name == "DYNAMIC"

    def looks_at(self, iteration: int) -> bool:
        """Whether masks may change at the beginning of an iteration of the phase; on entry (0) they always do."""
        if self.name == "GRADUAL":
            return 0 < iteration <= self.end and (iteration % self.interval == 0 or iteration == self.end)
        return self.name == "DYNAMIC" and 0 < iteration < self.end

    def last_look(self, iteration: int) -> int:
        """GRADUAL: the latest iteration up to this one at which masks were made."""
        return self.end if iteration >= self.end else iteration // self.interval * self.interval


def read_policy(solver: SolverDefinition, message: Message, place: tuple[str | int, ...], problems: Problems) -> MaskPolicy:
    """The policy of a phase. What contradicts itself or has no meaning is complained about at its place."""

    def complain(text: str, *path: str | int) -> None:
        problems.add(text, solver.span(*place, *path))

    name = Message.MaskPolicy.Name(message.mask_policy)
    wrong = 0
    for field, policies in _FIELDS_OF.items():
        if message.HasField(field) and name not in policies:
            complain(f"`{field}` is for `mask_policy: {' or '.join(policies)}`; this phase has {name}", field)
            wrong += 1
    states_sparsity = message.HasField("sparsity") or bool(message.layer)
    if name == "N_OF_M" and not wrong:
        _check_n_of_m(message, complain)
    elif name == "DYNAMIC":
        _check_surgery(message, states_sparsity, complain)
    if message.HasField("mask_policy") and not (states_sparsity or name in ("N_OF_M", "DYNAMIC")):
        complain(f"the phase has `mask_policy: {name}` but no `sparsity`, so nothing would be pruned", "mask_policy")
    if message.scope == Message.GLOBAL and name != "FIXED":
        complain(f"`scope: GLOBAL` goes with `mask_policy: FIXED`; this phase has {name}", "scope")
    if message.update_interval < 1:
        complain(f"`update_interval` is {message.update_interval}; it must be at least 1", "update_interval")
    end = message.mask_end if message.HasField("mask_end") else message.max_iter // 2
    if message.HasField("mask_end") and message.max_iter > 0 and not 0 <= end < message.max_iter:
        complain(
            f"`mask_end` is {end}; it must be at least 0 and below the phase's `max_iter` {message.max_iter}",
            "mask_end")
    return MaskPolicy(
        name, end, message.update_interval, message.n, message.m, 1 if message.channel_norm == Message.L1 else 2,
        message.c_rate if message.HasField("c_rate") else None, message.splice_gamma, message.splice_power)


def _check_n_of_m(message: Message, complain) -> None:
    if not 1 <= message.n < message.m:
        complain(f"keeps `n` {message.n} of every `m` {message.m}; n must be at least 1 and below m",
                 "n" if message.HasField("n") else "m")
        return
    implied = 1 - message.n / message.m
    stated = [(message.sparsity, ("sparsity",))] if message.HasField("sparsity") else []
    stated += [(layer.sparsity, ("layer", i, "sparsity")) for i, layer in enumerate(message.layer)]
    for sparsity, path in stated:
        if not math.isclose(sparsity, implied, abs_tol=1e-6):
            complain(
                f"`sparsity` is {sparsity:g}, but {message.n} of {message.m} kept is {implied:g}; leave it out", *path)


def _check_surgery(message: Message, states_sparsity: bool, complain) -> None:
    if message.HasField("c_rate") and states_sparsity:
        complain("`c_rate` and `sparsity` both say how much DYNAMIC prunes; give one of them", "c_rate")
    if not (message.HasField("c_rate") or states_sparsity):
        complain("`mask_policy: DYNAMIC` needs a `sparsity` or a `c_rate`", "mask_policy")
    if message.HasField("c_rate") and not math.isfinite(message.c_rate):
        complain(f"`c_rate` is {message.c_rate:g}; it must be finite", "c_rate")
    if message.HasField("constraint") and message.constraint != Message.ZERO_AFTER_STEP:
        stated = Message.Constraint.Name(message.constraint)
        complain("under `mask_policy: DYNAMIC` pruned weights get updates, which are kept apart from the net; "
                 f"`constraint: {stated}` would stop them: leave it out", "constraint")
    for field in ("splice_gamma", "splice_power"):
        value = getattr(message, field)
        if not 0 <= value < math.inf:
            complain(f"`{field}` is {value:g}; it must be at least 0", field)
