"""The seven learning-rate policies of Caffe, as pure functions of the iteration.

Caffe keeps a counter for ``multistep`` and moves it whenever anybody asks for the rate. Here the rate depends on the
iteration only, so that resuming, asking twice and asking ahead all give the same number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

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
}
POLICIES = tuple(_NEEDS)


class RateError(NetdefError, ValueError):
    """A rate schedule that lacks something or makes no sense."""


@dataclass(frozen=True)
class RateSchedule:
    """The learning rate of every iteration. None is a field that was not given.

    ========= ===================================================
    fixed     base_lr
    step      base_lr * gamma ^ floor(it / stepsize)
    exp       base_lr * gamma ^ it
    inv       base_lr * (1 + gamma * it) ^ -power
    multistep base_lr * gamma ^ (steps taken)
    poly      base_lr * (1 - it / max_iter) ^ power
    sigmoid   base_lr / (1 + exp(-gamma * (it - stepsize)))
    ========= ===================================================

    ``multistep`` takes at most one step an iteration, as in Caffe: of two equal stepvalues the second acts one
    iteration later, and a stepvalue below the one before it acts right after that one. ``poly`` stays at 0 after
    ``max_iter``, where Caffe's formula turns negative or NaN.

    Raises `RateError` with everything that `check` finds.
    """

    policy: str | None
    base_lr: float | None
    gamma: float | None = None
    power: float | None = None
    stepsize: int | None = None
    stepvalues: tuple[int, ...] = ()
    max_iter: int | None = None

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
    ) -> list[tuple[str, str]]:
        """What is missing or wrong, as (field of SolverParameter, complaint); empty for a good schedule."""
        problems = []
        if base_lr is None:
            problems.append(("base_lr", "`base_lr` is missing"))
        elif not math.isfinite(base_lr):
            problems.append(("base_lr", f"`base_lr` is {base_lr:g}; it must be a finite number"))
        if policy is None:
            return [*problems, ("lr_policy", f"`lr_policy` is missing; it is one of {', '.join(POLICIES)}")]
        if policy not in _NEEDS:
            hint = did_you_mean(policy, POLICIES) or f"; it is one of {', '.join(POLICIES)}"
            return [*problems, ("lr_policy", f"unknown `lr_policy` \"{policy}\"{hint}")]
        given = dict(gamma=gamma, power=power, stepsize=stepsize, stepvalue=stepvalues or None, max_iter=max_iter)
        for field in _NEEDS[policy]:
            value = given[field]
            if value is None:
                problems.append((field, f"`lr_policy` \"{policy}\" needs `{field}`, which is missing"))
            elif field == "gamma" and not 0 <= value < math.inf:
                problems.append((field, f"`gamma` is {value:g}; it must be at least 0"))
            elif field == "stepsize" and value <= 0:
                problems.append((field, f"`stepsize` is {value}; it must be at least 1"))
            elif field == "power" and not math.isfinite(value):
                problems.append((field, f"`power` is {value:g}; it must be a finite number"))
        return problems

    def at(self, iteration: int) -> float:
        """The rate of an iteration, counted from 0."""
        return self.base_lr * self._factor(iteration)

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


def schedule_fields(*messages: object) -> dict[str, object]:
    """Arguments of `RateSchedule` from a SolverParameter and what overrides it field by field, such as a DsdPhase."""
    fields: dict[str, object] = {"policy": None, "base_lr": None}
    for message in messages:
        for name in ("base_lr", "gamma", "power", "stepsize", "max_iter"):
            if message.HasField(name):
                fields[name] = getattr(message, name)
        if message.HasField("lr_policy"):
            fields["policy"] = message.lr_policy
        if message.stepvalue:
            fields["stepvalues"] = tuple(message.stepvalue)
    return fields


def _power(base: float, exponent: float) -> float:
    try:
        return base**exponent
    except OverflowError:
        return math.inf
