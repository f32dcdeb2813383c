"""The seven learning-rate policies of Caffe and those of its forks, as pure functions of the iteration.

The rate of ``plateau`` depends on the loss, too; `dsd.solver.plateau` counts its steps.

Caffe has a counter for ``multistep`` that advances each time the rate is read. Here the rate depends on the iteration
only, so that it is the same after resuming, when read twice, and when read ahead.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from netdef.errors import NetdefError, did_you_mean

# The fields of SolverParameter that each policy reads besides base_lr.
_NEEDS = {
    "fixed": (),
    "step": ("gamma", "stepsize"),
    "exp": ("gamma",),
    "inv": ("gamma", "power"),
    "multistep": ("gamma", "stepvalue"),
    "poly": ("power", "max_iter"),
    "sigmoid": ("gamma", "stepsize"),
    "multifixed": ("stagelr", "stageiter"),
    "linear": ("dst_lr", "max_iter"),
    "plateau": ("gamma", "plateau_winsize"),
    "sgdr": ("max_iter",),
}
POLICIES = tuple(_NEEDS)


class RateError(NetdefError, ValueError):
    """The error for a rate schedule that is incomplete or wrong.

    ``problems`` are (field of SolverParameter, message).
    """

    def __init__(self, problems: list[tuple[str, str]]):
        self.problems = problems
        super().__init__("; ".join(message for _, message in problems))


@dataclass(frozen=True)
class RateSchedule:
    """The learning rate of every iteration. Fields that were not given are None.

    ========== ===================================================
    fixed      base_lr
    step       base_lr * gamma ^ floor(it / stepsize)
    exp        base_lr * gamma ^ it
    inv        base_lr * (1 + gamma * it) ^ -power
    multistep  base_lr * gamma ^ (steps taken)
    poly       min_lr + (base_lr - min_lr) * (1 - it / max_iter) ^ power
    sigmoid    base_lr / (1 + exp(-gamma * (it - stepsize)))
    multifixed the first stagelr whose stageiter is not below it, the last one afterwards
    linear     base_lr + (dst_lr - base_lr) * it / dst_iter, and dst_lr from there on; dst_iter is max_iter unless given
    plateau    base_lr * gamma ^ (steps taken)
    sgdr       min_lr + (most - min_lr) * (1 + cos(pi * it / period)) / 2, it from the last restart
    ========== ===================================================

    ``multistep`` takes at most one step an iteration, as in Caffe: of two equal stepvalues the second acts one
    iteration later, and a stepvalue below the one before it acts right after that one. ``poly`` is constant after ``max_iter``,
    where Caffe's formula is negative or NaN. From forks: before ``warmup_iter`` the rate is
    ``warmup_lr + (base_lr - warmup_lr) * (it / warmup_iter) ^ warmup_power`` instead, and no rate is below a
    ``min_lr`` that is not 0. No rate is above ``max_lr``, which BVLC had in 2013. A ``warmup_power`` of None marks a warm-up
    given twice, which is refused. ``sgdr`` (Loshchilov and Hutter 2017), of jolibrain's fork, restarts after each ``period``,
    which then is ``p_mult`` times as long (rounded down), with ``lr_mult`` times the rate ``most``, at first ``base_lr``. The
    first period is ``max_iter`` unless given.

    Raises `RateError`.
    """

    policy: str | None
    base_lr: float | None
    gamma: float | None = None
    power: float | None = None
    stepsize: int | None = None
    stepvalues: tuple[int, ...] = ()
    max_iter: int | None = None
    min_lr: float = 0.0
    max_lr: float = math.inf
    stagelr: tuple[float, ...] = ()
    stageiter: tuple[int, ...] = ()
    dst_lr: float | None = None
    dst_iter: float | None = None
    windows: tuple[int, ...] = ()
    period: int | None = None
    p_mult: float = 2.0
    lr_mult: float = 0.8
    warmup_iter: int = 0
    warmup_lr: float = 0.0
    warmup_power: float | None = 1

    def __post_init__(self) -> None:
        problems = [*self._wrong_bounds(), *self._wrong_warmup(), *self._wrong_policy()]
        if problems:
            raise RateError(problems)

    def at(self, iteration: int, steps: int = 0) -> float:
        """The rate of an iteration, counted from 0; with ``plateau`` after so many steps."""
        if iteration < self.warmup_iter:
            share = (iteration / self.warmup_iter) ** _given(self.warmup_power)
            rate = self.warmup_lr + (_given(self.base_lr) - self.warmup_lr) * share
        elif self.policy == "multifixed":
            ended = sum(1 for last in self.stageiter if last < iteration)
            rate = self.stagelr[min(ended, len(self.stagelr) - 1)]
        elif self.policy == "linear":
            share = iteration / (_given(self.max_iter) if self.dst_iter is None else self.dst_iter)
            rate = _given(self.base_lr) + (_given(self.dst_lr) - _given(self.base_lr)) * min(share, 1)
        elif self.policy == "poly":
            rate = self.min_lr + (_given(self.base_lr) - self.min_lr) * self._factor(iteration)
        elif self.policy == "sgdr":
            count, begin, period = self._restarts(iteration)
            most = _given(self.base_lr) * self.lr_mult**count
            rate = self.min_lr + (most - self.min_lr) * (1 + math.cos(math.pi * (iteration - begin) / period)) / 2
        elif self.policy == "plateau":
            rate = _given(self.base_lr) * _power(_given(self.gamma), steps)
        else:
            rate = _given(self.base_lr) * self._factor(iteration)
        return min(max(rate, self.min_lr) if self.min_lr else rate, self.max_lr)

    def slowed(self, factor: float, max_iter: int) -> RateSchedule:
        """The same schedule with all rates divided by ``factor``, over ``max_iter`` iterations, without a warm-up."""
        return replace(
            self, base_lr=None if self.base_lr is None else self.base_lr / factor, max_iter=max_iter,
            min_lr=self.min_lr / factor, stagelr=tuple(rate / factor for rate in self.stagelr),
            dst_lr=None if self.dst_lr is None else self.dst_lr / factor, dst_iter=None, warmup_iter=0)

    def current_step(self, iteration: int) -> int:
        """Caffe's ``current_step`` after reading the rate of ``iteration``: the exponent of gamma in policies with steps,
        0 in others. A ``.solverstate`` written after n iterations holds that of n - 1.
        """
        if self.policy == "step":
            return iteration // _given(self.stepsize)
        if self.policy == "sgdr":
            return self._restarts(iteration)[0]
        if self.policy != "multistep":
            return 0
        taken_at = -1
        for count, value in enumerate(self.stepvalues):
            taken_at = max(value, taken_at + 1)
            if taken_at > iteration:
                return count
        return len(self.stepvalues)

    def _restarts(self, iteration: int) -> tuple[int, int, int]:
        """Return how often sgdr has restarted by an iteration, at which iteration last, and the length of the period since."""
        count, begin, period = 0, 0, self.period or _given(self.max_iter)
        while iteration >= begin + period:
            count, begin, period = count + 1, begin + period, int(period * self.p_mult)
        return count, begin, period

    def _factor(self, iteration: int) -> float:
        """The factor of ``base_lr``."""
        if self.policy in ("step", "multistep"):
            return _power(_given(self.gamma), self.current_step(iteration))
        if self.policy == "exp":
            return _power(_given(self.gamma), iteration)
        if self.policy == "inv":
            return _power(1 + _given(self.gamma) * iteration, -_given(self.power))
        if self.policy == "poly":
            end = _given(self.max_iter)
            return _power(1 - iteration / end, _given(self.power)) if iteration < end else 0.0
        if self.policy == "sigmoid":
            x = _given(self.gamma) * (iteration - _given(self.stepsize))
            # Each form overflows where the other is used.
            return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
        return 1.0

    def _wrong_bounds(self) -> Iterator[tuple[str, str]]:
        if self.base_lr is None:
            if self.policy != "multifixed" or self.warmup_iter:
                yield "base_lr", "`base_lr` is missing"
        elif not math.isfinite(self.base_lr):
            yield "base_lr", f"`base_lr` is {self.base_lr:g}; it must be a finite number"
        if not 0 <= self.min_lr < math.inf:
            yield "min_lr", f"`min_lr` is {self.min_lr:g}; it must be at least 0"
        elif self.min_lr and self.base_lr is not None and self.min_lr > self.base_lr:
            yield "min_lr", f"`min_lr` is {self.min_lr:g}, above `base_lr` {self.base_lr:g}"

    def _wrong_warmup(self) -> Iterator[tuple[str, str]]:
        if self.warmup_power is None:
            yield "warmup_iter", "`warmup_iter` and `rampup_interval` both let the rate rise at first; give one of them"
        elif self.warmup_iter < 0:
            field = "warmup_iter" if self.warmup_power == 1 else "rampup_interval"
            yield field, f"`{field}` is {self.warmup_iter}; it must not be negative"

    def _wrong_policy(self) -> Iterator[tuple[str, str]]:
        """Missing and wrong fields of the policy; fields that it does not read are not checked."""
        if self.policy is None:
            yield "lr_policy", f"`lr_policy` is missing; it is one of {', '.join(POLICIES)}"
            return
        if self.policy not in _NEEDS:
            hint = did_you_mean(self.policy, POLICIES) or f"; it is one of {', '.join(POLICIES)}"
            yield "lr_policy", f"unknown `lr_policy` \"{self.policy}\"{hint}"
            return
        needs = _NEEDS[self.policy]
        given = dict(gamma=self.gamma, power=self.power, stepsize=self.stepsize, stepvalue=self.stepvalues or None,
                     max_iter=self.max_iter, stagelr=self.stagelr or None, stageiter=self.stageiter or None, dst_lr=self.dst_lr,
                     plateau_winsize=self.windows or None)
        missing = [f"`{field}`" for field in needs if given[field] is None]
        if missing:
            which = "which is missing" if len(missing) == 1 else "which are missing"
            yield "lr_policy", f"`lr_policy` \"{self.policy}\" needs {' and '.join(missing)}, {which}"
        if "gamma" in needs and self.gamma is not None and not 0 <= self.gamma < math.inf:
            yield "gamma", f"`gamma` is {self.gamma:g}; it must be at least 0"
        if "stepsize" in needs and self.stepsize is not None and self.stepsize <= 0:
            yield "stepsize", f"`stepsize` is {self.stepsize}; it must be at least 1"
        if "power" in needs and self.power is not None and not math.isfinite(self.power):
            yield "power", f"`power` is {self.power:g}; it must be a finite number"
        if "plateau_winsize" in needs and self.windows and min(self.windows) < 1:
            yield "plateau_winsize", f"`plateau_winsize` is {min(self.windows)}; it must be at least 1"
        if self.policy == "sgdr" and not 1 <= self.p_mult < math.inf:
            yield "p_mult", f"`p_mult` is {self.p_mult:g}; it must be at least 1"
        if self.policy == "sgdr" and not 0 <= self.lr_mult < math.inf:
            yield "lr_mult", f"`lr_mult` is {self.lr_mult:g}; it must be at least 0"
        if "dst_lr" in needs and self.dst_iter is not None and not 0 < self.dst_iter < math.inf:
            yield "dst_iter", f"`dst_iter` is {self.dst_iter:g}; it must be above 0"
        if "stagelr" in needs and self.stagelr and self.stageiter and len(self.stagelr) != len(self.stageiter):
            yield "stageiter", f"there are {len(self.stageiter)} `stageiter` and {len(self.stagelr)} `stagelr`"


T = TypeVar("T")


def _given(value: T | None) -> T:
    """The value of a field that the policy needs."""
    assert value is not None
    return value


def _power(base: float, exponent: float) -> float:
    try:
        return base**exponent
    except OverflowError:
        return math.inf
