"""Make and check a solver and its learning rates from a SolverParameter."""

from __future__ import annotations

import math
from typing import Any

from torch.optim.optimizer import ParamsT

from dsd.solver.local_rates import check_local_rates, local_rates
from dsd.solver.momenta import check_momentum_policy
from dsd.solver.rates import RateError, RateSchedule
from dsd.solver.rules import SOLVERS
from dsd.solver.solver import Solver
from netdef.errors import did_you_mean
from netdef.schema.messages import DsdPhase, SolverParameter

_LEAST_OF_SGDR = 1e-6  # the rate at the end of a period of `sgdr`, unless `min_lr` is given
_LINEAR = ("SGD", "Nesterov")  # rules in which the rate of one blob is a factor of its gradient


def solver_arguments(message: SolverParameter) -> dict[str, Any]:
    """Keyword arguments of the solver, except ``lr``. Raises KeyError for an unknown type."""
    arguments = {name: getattr(message, name) for name in SOLVERS[message.type].options}
    return arguments | {
        "weight_decay": message.weight_decay,
        "regularization": message.regularization_type,
        "clip_gradients": message.clip_gradients,
        "iter_size": message.iter_size,
        "local_rates": local_rates(message),
    }


def check_solver(message: SolverParameter) -> list[tuple[str, str]]:
    """Check type and arguments of the solver. Returns problems as (field, message)."""
    if message.type not in SOLVERS:
        hint = did_you_mean(message.type, SOLVERS) or f"; it is one of {', '.join(SOLVERS)}"
        return [("type", f"unknown solver `type` \"{message.type}\"{hint}")]
    arguments = solver_arguments(message)
    decay = arguments.pop("weight_decay")
    del arguments["local_rates"]
    wrong = [] if math.isfinite(decay) else [("weight_decay", f"`weight_decay` is {decay:g}; it must be a finite number")]
    wrong += SOLVERS[message.type].check(**arguments) + check_local_rates(message, _LINEAR)
    return wrong + check_momentum_policy(message, "momentum" in SOLVERS[message.type].options)


def make_solver(message: SolverParameter, params: ParamsT, lr: float = 0.0) -> Solver:
    """Make the solver for parameters or groups of them (``lr_mult``, ``decay_mult``)."""
    return SOLVERS[message.type](params, lr, **solver_arguments(message))


def read_rates(solver: SolverParameter, phase: DsdPhase | None = None) -> RateSchedule:
    """Read the rates of a solver, or of one of its phases, whose fields override the solver's. Raises `RateError`."""

    def stated(name: str) -> Any:
        """The phase's field, or else the solver's; None where neither is given."""
        for message in (phase, solver):
            if message is not None and message.HasField(name):
                return getattr(message, name)
        return None

    warmups: list[tuple[int, float, float]] = [
        (iterations, start, power)
        for iterations, start, power in (
            (solver.warmup_iter, solver.warmup_start_lr, 1), (solver.rampup_interval, solver.rampup_lr, 2))
        if iterations
    ]
    warmups += _warm_up_of_makefile(solver, stated("base_lr"), stated("lr_policy"))
    iterations, start, power = warmups[-1] if warmups else (0, 0.0, 1)
    return RateSchedule(
        policy=stated("lr_policy"),
        base_lr=stated("base_lr"),
        gamma=stated("gamma"),
        power=stated("power"),
        stepsize=stated("stepsize"),
        stepvalues=tuple((phase.stepvalue if phase is not None else ()) or solver.stepvalue),
        max_iter=stated("max_iter"),
        min_lr=_LEAST_OF_SGDR if stated("lr_policy") == "sgdr" and not solver.HasField("min_lr") else solver.min_lr,
        max_lr=solver.max_lr if solver.HasField("max_lr") else math.inf,
        stagelr=tuple(solver.stagelr),
        stageiter=tuple(solver.stageiter),
        windows=tuple(solver.plateau_winsize),
        period=solver.period if solver.period > 0 else None,
        p_mult=solver.p_mult,
        lr_mult=solver.lr_mult if solver.HasField("lr_mult") else 0.8,
        dst_lr=solver.dst_lr if solver.HasField("dst_lr") else None,
        dst_iter=solver.dst_iter if solver.HasField("dst_iter") else None,
        warmup_iter=iterations,
        warmup_lr=start,
        warmup_power=None if len(warmups) > 1 else power,
    )


def _warm_up_of_makefile(solver: SolverParameter, base_lr: float | None, policy: str | None) -> list[tuple[int, float, float]]:
    """The length, first rate and power of a warm-up of makefile's frcnn, if it has one. Raises `RateError`."""
    given = [name for name in ("warm_up_iters", "warm_up_factor", "warm_up_method", "warm_up_power") if solver.HasField(name)]
    if not given or not solver.warm_up_iters:
        return []
    powers = {"constant": math.inf, "linear": 1, "exp": solver.warm_up_power}  # A share of the way to this power; of inf it is 0.
    if solver.warm_up_method not in powers:
        raise RateError([("warm_up_method", f"unknown `warm_up_method` \"{solver.warm_up_method}\"; it is one of "
                          f"{', '.join(powers)}")])
    if policy in ("exp", "inv", "poly"):
        raise RateError([(given[0], f"`lr_policy` \"{policy}\" counts from the end of a warm-up in makefile's frcnn, which is "
                          "not implemented; give `warmup_iter` and `warmup_start_lr`")])
    first = 0.0 if solver.warm_up_method == "exp" else (base_lr or 0.0) * solver.warm_up_factor
    return [(solver.warm_up_iters, first, powers[solver.warm_up_method])]
