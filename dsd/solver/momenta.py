"""Momenta that change during training, of NVIDIA's fork."""

from __future__ import annotations

import math

from netdef.errors import did_you_mean
from netdef.schema.messages import SolverParameter

POLICIES = ("fixed", "poly", "opt")


def momentum_at(solver: SolverParameter, iteration: int, max_iter: int, rate: float) -> float | None:
    """The momentum of an iteration, at its learning rate; None for a fixed one, which the solver has already.

    ========== ======================================================================
    poly       momentum + (max_momentum - momentum) * (iteration / max_iter) ^ momentum_power
    opt        (1 - sqrt(rate) / 2) ^ 2, at most ``max_momentum`` if that is given
    ========== ======================================================================
    """
    if solver.momentum_policy == "poly":
        share = min(iteration / max_iter, 1.0) if max_iter else 1.0
        return solver.momentum + (solver.max_momentum - solver.momentum) * share**solver.momentum_power
    if solver.momentum_policy == "opt":
        best = (1 - math.sqrt(rate) / 2) ** 2
        return min(best, solver.max_momentum) if solver.HasField("max_momentum") else best
    return None


def check_momentum_policy(solver: SolverParameter, has_momentum: bool) -> list[tuple[str, str]]:
    """Check the policy and its fields; ``has_momentum``: whether the rule has one. Returns problems as (field, message)."""
    if solver.momentum_policy not in POLICIES:
        hint = did_you_mean(solver.momentum_policy, POLICIES) or f"; it is one of {', '.join(POLICIES)}"
        return [("momentum_policy", f"unknown `momentum_policy` \"{solver.momentum_policy}\"{hint}")]
    if solver.momentum_policy == "fixed":
        return []
    problems = []
    if not has_momentum or solver.type in ("AdaGrad", "RMSProp"):
        problems.append(("momentum_policy", f"`momentum_policy` is {solver.momentum_policy}; {solver.type} has no momentum"))
    if not 0 <= solver.max_momentum < 1:
        problems.append(("max_momentum", f"`max_momentum` is {solver.max_momentum:g}; it must be at least 0 and below 1"))
    if not 0 <= solver.momentum_power < math.inf:
        problems.append(("momentum_power", f"`momentum_power` is {solver.momentum_power:g}; it must be at least 0"))
    return problems
