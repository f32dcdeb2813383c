"""The seven learning-rate policies of Caffe and what its forks added, as pure functions of the iteration.

Caffe keeps a counter for ``multistep`` and moves it whenever anybody asks for the rate. Here the rate depends on the
iteration only, so that resuming, asking twice and asking ahead all give the same number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from netdef.errors import NetdefError, did_you_mean

# What a policy reads besides base_lr, by the names of SolverParameter.
_NEEDS = {
    "fixed": (),
    "step": ("gamma", "stepsize"),
    "exp": ("gamma",),
    "inv": ("gamma", "power"),
    "multistep": ("gamma", "stepvalue"),
    "poly": ("power", "max_iter"),
    "sigmoid": ("gamma", "stepsize"),
    "multifixed": ("stagelr", "stageiter"),
}
POLICIES = tuple(_NEEDS)


class RateError(NetdefError, ValueError):
    """A rate schedule that lacks something or makes no sense."""


@dataclass(frozen=True)
class RateSchedule:
    """The learning rate of every iteration. None is a field that was not given.

    ========== ===================================================
    fixed      base_lr
    step       base_lr * gamma ^ floor(it / stepsize)
    exp        base_lr * gamma ^ it
    inv        base_lr * (1 + gamma * it) ^ -power
    multistep  base_lr * gamma ^ (steps taken)
    poly       min_lr + (base_lr - min_lr) * (1 - it / max_iter) ^ power
    sigmoid    base_lr / (1 + exp(-gamma * (it - stepsize)))
    multifixed the first stagelr whose stageiter is not below it, the last one afterwards
    ========== ===================================================

    ``multistep`` takes at most one step an iteration, as in Caffe: of two equal stepvalues the second acts one
    iteration later, and a stepvalue below the one before it acts right after that one. ``poly`` stays where it is after
    ``max_iter``, where Caffe's formula turns negative or NaN. From forks: before ``warmup_iter`` the rate is
    ``warmup_lr + (base_lr - warmup_lr) * (it / warmup_iter) ^ warmup_power`` instead, and no rate is below a
    ``min_lr`` that is not 0.

    Raises `RateError` with everything that `check` finds.
    """

    policy: str | None
    base_lr: float | None
    gamma: float | None = None
    power: float | None = None
    stepsize: int | None = None
    stepvalues: tuple[int, ...] = ()
    max_iter: int | None = None
    min_lr: float = 0.0
    stagelr: tuple[float, ...] = ()
    stageiter: tuple[int, ...] = ()
    warmup_iter: int = 0
    warmup_lr: float = 0.0
    warmup_power: int = 1

    def __post_init__(self) -> None:
        problems = self.check(**vars(self))
        if problems:
            raise RateError("; ".join(message for _, message in problems))

    @staticmethod
    def check(
        policy: str | None,
        base_lr: float | None,
        gamma: float | None = None,
        power: float | None = None,
        stepsize: int | None = None,
        stepvalues: Sequence[int] = (),
        max_iter: int | None = None,
        min_lr: float = 0.0,
        stagelr: Sequence[float] = (),
        stageiter: Sequence[int] = (),
        warmup_iter: int = 0,
        warmup_lr: float = 0.0,
        warmup_power: int | None = 1,
    ) -> list[tuple[str, str]]:
        """What is missing or wrong, as (field of SolverParameter to point at, complaint); empty for a good schedule."""
        problems = []
        if base_lr is None:
            if policy != "multifixed" or warmup_iter:
                problems.append(("base_lr", "`base_lr` is missing"))
        elif not math.isfinite(base_lr):
            problems.append(("base_lr", f"`base_lr` is {base_lr:g}; it must be a finite number"))
        if not 0 <= min_lr < math.inf:
            problems.append(("min_lr", f"`min_lr` is {min_lr:g}; it must be at least 0"))
        elif min_lr and base_lr is not None and min_lr > base_lr:
            problems.append(("min_lr", f"`min_lr` is {min_lr:g}, above `base_lr` {base_lr:g}"))
        if warmup_power is None:
            problems.append(
                ("warmup_iter", "`warmup_iter` and `rampup_interval` both let the rate rise at first; give one of them"))
        elif warmup_iter < 0:
            field = "warmup_iter" if warmup_power == 1 else "rampup_interval"
            problems.append((field, f"`{field}` is {warmup_iter}; it must not be negative"))
        if policy is None:
            return [*problems, ("lr_policy", f"`lr_policy` is missing; it is one of {', '.join(POLICIES)}")]
        if policy not in _NEEDS:
            hint = did_you_mean(policy, POLICIES) or f"; it is one of {', '.join(POLICIES)}"
            return [*problems, ("lr_policy", f"unknown `lr_policy` \"{policy}\"{hint}")]
        given = dict(gamma=gamma, power=power, stepsize=stepsize, stepvalue=stepvalues or None, max_iter=max_iter,
                     stagelr=stagelr or None, stageiter=stageiter or None)
        missing = [f"`{field}`" for field in _NEEDS[policy] if given[field] is None]
        if missing:
            which = "which is missing" if len(missing) == 1 else "which are missing"
            problems.append(("lr_policy", f"`lr_policy` \"{policy}\" needs {' and '.join(missing)}, {which}"))
        for field in _NEEDS[policy]:
            value = given[field]
            if value is None:
                continue
            if field == "gamma" and not 0 <= value < math.inf:
                problems.append((field, f"`gamma` is {value:g}; it must be at least 0"))
            elif field == "stepsize" and value <= 0:
                problems.append((field, f"`stepsize` is {value}; it must be at least 1"))
            elif field == "power" and not math.isfinite(value):
                problems.append((field, f"`power` is {value:g}; it must be a finite number"))
        if policy == "multifixed" and stagelr and stageiter and len(stagelr) != len(stageiter):
            problems.append(("stageiter", f"there are {len(stageiter)} `stageiter` and {len(stagelr)} `stagelr`"))
        return problems

    def at(self, iteration: int) -> float:
        """The rate of an iteration, counted from 0."""
        if iteration < self.warmup_iter:
            share = (iteration / self.warmup_iter) ** self.warmup_power
            rate = self.warmup_lr + (self.base_lr - self.warmup_lr) * share
        elif self.policy == "multifixed":
            ended = sum(1 for last in self.stageiter if last < iteration)
            rate = self.stagelr[min(ended, len(self.stagelr) - 1)]
        elif self.policy == "poly":
            rate = self.min_lr + (self.base_lr - self.min_lr) * self._factor(iteration)
        else:
            rate = self.base_lr * self._factor(iteration)
        return max(rate, self.min_lr) if self.min_lr else rate

    def slowed(self, factor: float, max_iter: int) -> RateSchedule:
        """The same form at a fraction of the rates, over ``max_iter`` iterations and without a warm-up."""
        return replace(
            self, base_lr=None if self.base_lr is None else self.base_lr / factor, max_iter=max_iter,
            min_lr=self.min_lr / factor, stagelr=tuple(rate / factor for rate in self.stagelr), warmup_iter=0)

    def current_step(self, iteration: int) -> int:
        """Caffe's ``current_step`` once it has asked for the rate of ``iteration``: the exponent of gamma in the
        policies that step, 0 in the others. A ``.solverstate`` written after n iterations holds that of n - 1.
        """
        if self.policy == "step":
            return iteration // self.stepsize
        if self.policy != "multistep":
            return 0
        taken_at = -1
        for count, value in enumerate(self.stepvalues):
            taken_at = max(value, taken_at + 1)
            if taken_at > iteration:
                return count
        return len(self.stepvalues)

    def _factor(self, iteration: int) -> float:
        if self.policy in ("step", "multistep"):
            return _power(self.gamma, self.current_step(iteration))
        if self.policy == "exp":
            return _power(self.gamma, iteration)
        if self.policy == "inv":
            return _power(1 + self.gamma * iteration, -self.power)
        if self.policy == "poly":
            return _power(1 - iteration / self.max_iter, self.power) if iteration < self.max_iter else 0.0
        if self.policy == "sigmoid":
            x = self.gamma * (iteration - self.stepsize)
            # Each form overflows where the other is used.
            return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
        return 1.0


def schedule_fields(solver: object, phase: object | None = None) -> dict[str, object]:
    """Arguments of `RateSchedule` from a SolverParameter and the DsdPhase that overrides it field by field."""
    fields: dict[str, object] = {"policy": None, "base_lr": None}
    for message in (solver, phase) if phase is not None else (solver,):
        for name in ("base_lr", "gamma", "power", "stepsize", "max_iter"):
            if message.HasField(name):
                fields[name] = getattr(message, name)
        if message.HasField("lr_policy"):
            fields["policy"] = message.lr_policy
        if message.stepvalue:
            fields["stepvalues"] = tuple(message.stepvalue)
    if solver.HasField("min_lr"):
        fields["min_lr"] = solver.min_lr
    if solver.stagelr or solver.stageiter:
        fields |= {"stagelr": tuple(solver.stagelr), "stageiter": tuple(solver.stageiter)}
    for power, iterations, start in ((1, "warmup_iter", "warmup_start_lr"), (2, "rampup_interval", "rampup_lr")):
        if getattr(solver, iterations):
            both = "warmup_power" in fields
            fields |= {"warmup_iter": getattr(solver, iterations), "warmup_lr": getattr(solver, start),
                       "warmup_power": None if both else power}
    return fields


def _power(base: float, exponent: float) -> float:
    try:
        return base**exponent
    except OverflowError:
        return math.inf
