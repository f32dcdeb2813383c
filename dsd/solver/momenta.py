"""Momenta that change during training, of NVIDIA's and jasonustc's forks and of a pull request to BVLC/caffe."""

from __future__ import annotations

import math

from netdef.errors import did_you_mean
from netdef.schema.messages import SolverParameter

POLICIES = ("fixed", "poly", "opt")
_OF_EPOCHS = ("momentum_start", "momentum_end", "terminal_epoch_number")
_RISING = ("rs", "re", "mom_inc_iter")


def momentum_at(solver: SolverParameter, iteration: int, max_iter: int, rate: float) -> float | None:
    """The momentum of an iteration, at its learning rate; None for a fixed one, which the solver has already.

    ========== ======================================================================
    poly       momentum + (max_momentum - momentum) * (iteration / max_iter) ^ momentum_power
    opt        (1 - sqrt(rate) / 2) ^ 2, at most ``max_momentum`` if that is given
    ========== ======================================================================

    With ``rs``, ``re`` and ``mom_inc_iter``, of jasonustc's fork, the momentum of SGD rises evenly from rs to re in mom_inc_iter
    iterations.
    """
    if rises(solver):
        share = min(iteration / solver.mom_inc_iter, 1.0)
        return share * solver.re + (1 - share) * solver.rs
    if solver.momentum_policy == "poly":
        share = min(iteration / max_iter, 1.0) if max_iter else 1.0
        return solver.momentum + (solver.max_momentum - solver.momentum) * share**solver.momentum_power
    if solver.momentum_policy == "opt":
        best = (1 - math.sqrt(rate) / 2) ** 2
        return min(best, solver.max_momentum) if solver.HasField("max_momentum") else best
    return None


def rises(solver: SolverParameter) -> bool:
    """Whether the solver has the momentum of jasonustc's fork."""
    return solver.type == "SGD" and all(map(solver.HasField, _RISING))


def varies(solver: SolverParameter) -> bool:
    """Whether the solver has the rule of IQA_CNN (Kang et al. 2014), of a pull request to BVLC/caffe; see `step_at`."""
    return solver.type == "SGD" and all(map(solver.HasField, _OF_EPOCHS))


def step_at(solver: SolverParameter, iteration: int, max_iter: int, rate: float) -> tuple[float, float | None]:
    """The rate and the momentum with which an iteration's step is made; a momentum of None is the solver's own.

    IQA_CNN's momentum m goes from ``momentum_start`` to ``momentum_end`` in ``terminal_epoch_number`` epochs of ``stepsize``
    iterations. The step is ``h = -m*h + (1-m)*r*g;  w -= h``: that of SGD at a rate of (1-m)*r and a momentum of -m. As in the
    pull request, whose solvers of other types have the fixed momentum.
    """
    if not varies(solver):
        return rate, momentum_at(solver, iteration, max_iter, rate)
    epochs = solver.terminal_epoch_number
    share = min(iteration // solver.stepsize / epochs, 1.0) if epochs > 0 else 1.0
    momentum = share * solver.momentum_end + (1 - share) * solver.momentum_start
    return (1 - momentum) * rate, -momentum


def _check_epochs(solver: SolverParameter) -> list[tuple[str, str]]:
    problems = []
    for field in ("momentum_start", "momentum_end"):
        if not 0 <= (value := getattr(solver, field)) < 1:
            problems.append((field, f"`{field}` is {value:g}; it must be at least 0 and below 1"))
    if solver.stepsize < 1:
        problems.append(("terminal_epoch_number", f"`terminal_epoch_number` counts epochs of `stepsize` iterations, which is "
                         f"{solver.stepsize}; it must be at least 1"))
    return problems


def _check_rising(solver: SolverParameter) -> list[tuple[str, str]]:
    if varies(solver) or solver.momentum_policy != "fixed":
        return [("re", "`re` and another rule both change the momentum; keep one")]
    problems = [(field, f"`{field}` is {getattr(solver, field):g}; it must be at least 0 and below 1")
                for field in ("rs", "re") if not 0 <= getattr(solver, field) < 1]
    if not solver.rs < solver.re:
        problems.append(("rs", f"`rs` is {solver.rs:g}; it must be below `re`, {solver.re:g}"))
    if solver.mom_inc_iter < 1:
        problems.append(("mom_inc_iter", f"`mom_inc_iter` is {solver.mom_inc_iter}; it must be at least 1"))
    return problems


def check_momentum_policy(solver: SolverParameter, has_momentum: bool) -> list[tuple[str, str]]:
    """Check the policy and its fields; ``has_momentum``: whether the rule has one. Returns problems as (field, message)."""
    if solver.momentum_policy not in POLICIES:
        hint = did_you_mean(solver.momentum_policy, POLICIES) or f"; it is one of {', '.join(POLICIES)}"
        return [("momentum_policy", f"unknown `momentum_policy` \"{solver.momentum_policy}\"{hint}")]
    if varies(solver) and solver.momentum_policy != "fixed":
        return [("momentum_policy", "there are both `momentum_policy` and `momentum_start`; keep one")]
    if rises(solver):
        return _check_rising(solver)
    if solver.momentum_policy == "fixed":
        return _check_epochs(solver) if varies(solver) else []
    problems = []
    if not has_momentum or solver.type in ("AdaGrad", "RMSProp"):
        problems.append(("momentum_policy", f"`momentum_policy` is {solver.momentum_policy}; {solver.type} has no momentum"))
    if not 0 <= solver.max_momentum < 1:
        problems.append(("max_momentum", f"`max_momentum` is {solver.max_momentum:g}; it must be at least 0 and below 1"))
    if not 0 <= solver.momentum_power < math.inf:
        problems.append(("momentum_power", f"`momentum_power` is {solver.momentum_power:g}; it must be at least 0"))
    return problems
