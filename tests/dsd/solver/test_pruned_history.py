"""Histories of pruned weights under each constraint, and their effect in a re-dense phase.

The numbers are closed forms for a constant gradient g, rate S in the sparse phase and S/10 in the re-dense one; the
first re-dense updates are given in units of the re-dense rate.
"""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from dsd.solver.choices import Constraint, StateRule
from dsd.solver.rules import SOLVERS

SPARSE_RATE, RE_DENSE_RATE = 1e-2, 1e-3
DENSE = [Constraint.ZERO_AFTER_STEP, Constraint.MASK_UPDATE]
LONG = 2000  # iterations after which every mean in here has settled


class Pruned:
    """One pruned weight (and one that survives) that see the gradient g in every iteration, in float64."""

    def __init__(self, kind: str, constraint: Constraint, gradient: float = 0.5, **options: float):
        self.p = nn.Parameter(torch.tensor([0.25, 2.0], dtype=torch.float64))
        self.gradient = gradient
        self.solver = SOLVERS[kind]([self.p], lr=SPARSE_RATE, **options)
        self.masks = {self.p: torch.tensor([False, True])}
        self.constraint = constraint

    def run(self, iterations: int) -> None:
        for _ in range(iterations):
            self.p.grad = torch.full_like(self.p, self.gradient)
            self.solver.step()

    def sparse(self, iterations: int, rule: StateRule = StateRule.RESET) -> None:
        self.solver.begin_phase(self.masks, self.constraint, state_rule=rule)
        self.run(iterations)

    def histories(self) -> list[float]:
        return [history[0].item() for history in self.solver.history([self.p])]

    def re_dense_updates(self, count: int, rule: StateRule = StateRule.CARRY) -> list[float]:
        """Updates of the reborn weight in units of the re-dense rate."""
        self.solver.begin_phase({}, state_rule=rule)
        self.solver.param_groups[0]["lr"] = RE_DENSE_RATE
        updates = []
        for _ in range(count):
            before = self.p[0].item()
            self.run(1)
            updates.append((before - self.p[0].item()) / RE_DENSE_RATE)
        return updates


@pytest.mark.parametrize("constraint", DENSE, ids=lambda c: c.name)
def test_dense_updates_keep_accumulating(constraint):
    g, before, steps = 0.5, 3, 7
    cases = {
        "SGD": ({"momentum": 0.9}, SPARSE_RATE * g * (1 - 0.9**10) / 0.1),
        "Nesterov": ({"momentum": 0.9}, SPARSE_RATE * g * (1 - 0.9**10) / 0.1),
        "AdaGrad": ({}, 10 * g * g),
        "RMSProp": ({"rms_decay": 0.98}, g * g * (1 - 0.98**10)),
        "Adam": ({"momentum": 0.9, "momentum2": 0.99}, g * (1 - 0.9**10)),
    }
    for kind, (options, expected) in cases.items():
        weight = Pruned(kind, constraint, g, **options)
        weight.run(before)
        weight.sparse(steps, StateRule.CARRY)
        assert weight.histories()[0] == pytest.approx(expected, rel=1e-12), kind
    assert weight.histories()[1] == pytest.approx(g * g * (1 - 0.99**10), rel=1e-12)

    weight = Pruned("AdaDelta", constraint, g, momentum=0.9, delta=1e-6)
    weight.run(before)
    weight.sparse(steps, StateRule.CARRY)
    squares = updates = 0.0
    for _ in range(before + steps):
        squares = 0.9 * squares + 0.1 * g * g
        updates = 0.9 * updates + 0.1 * g * g * (updates + 1e-6) / (squares + 1e-6)
    assert weight.histories() == pytest.approx([squares, updates], rel=1e-12)  # erased updates count


@pytest.mark.parametrize("rule", StateRule, ids=lambda r: r.name)
@pytest.mark.parametrize("kind", SOLVERS)
def test_a_mask_blob_leaves_them_empty(kind, rule):
    weight = Pruned(kind, Constraint.MASK_BLOB)
    weight.run(3)
    assert all(weight.histories())
    weight.sparse(7, rule)
    assert weight.histories() == [0.0] * len(weight.solver.slots)


@pytest.mark.parametrize(
    ("kind", "kick", "first"), [("SGD", 91.0, 1.0), ("Nesterov", 82.9, 1.9)], ids=["SGD", "Nesterov"]
)
def test_momentum_carried_into_re_dense(kind, kick, first):
    g = 0.5
    for constraint in Constraint:
        weight = Pruned(kind, constraint, g, momentum=0.9)
        weight.sparse(LONG)
        expected = first if constraint is Constraint.MASK_BLOB else kick
        assert weight.re_dense_updates(1)[0] == pytest.approx(expected * g, rel=1e-9)


def test_stale_momentum_adds_up():
    """Without further gradient the carried history moves the weight by mu/(1-mu) h = 900 times the re-dense rate."""
    weight = Pruned("SGD", Constraint.ZERO_AFTER_STEP, momentum=0.9)
    weight.sparse(LONG)
    weight.gradient = 0.0
    assert sum(weight.re_dense_updates(400)) == pytest.approx(900 * 0.5, rel=1e-9)


@pytest.mark.parametrize(("decay", "burst"), [(0.99, 10.0), (0.98, 7.07)])
def test_rmsprop_bursts_after_a_mask_blob(decay, burst):
    weight = Pruned("RMSProp", Constraint.MASK_BLOB, rms_decay=decay)
    weight.sparse(LONG)
    assert weight.re_dense_updates(1)[0] == pytest.approx(burst, rel=1e-3)
    for constraint in DENSE:
        weight = Pruned("RMSProp", constraint, rms_decay=decay)
        weight.sparse(LONG)
        assert weight.re_dense_updates(1)[0] == pytest.approx(1.0, rel=1e-6)


def test_adam_bursts_after_a_mask_blob():
    """Bias correction is global and gone while the histories are empty: (1 - b1^k) / sqrt(1 - b2^k)."""
    weight = Pruned("Adam", Constraint.MASK_BLOB, momentum=0.9, momentum2=0.999)
    weight.sparse(1)
    weight.solver.iteration = 1_000_000
    updates = weight.re_dense_updates(50)
    expected = {1: 3.16, 2: 4.25, 5: 5.8, 10: 6.5, 20: 6.2, 50: 4.5}
    for k, number in expected.items():
        exact = (1 - 0.9**k) / math.sqrt(1 - 0.999**k)
        assert updates[k - 1] == pytest.approx(exact, rel=1e-5)
        assert exact == pytest.approx(number, rel=2e-2)
    for constraint in DENSE:
        weight = Pruned("Adam", constraint, momentum=0.9, momentum2=0.98)
        weight.sparse(LONG)
        assert weight.re_dense_updates(1)[0] == pytest.approx(1.0, rel=1e-5)


def test_adagrad_never_forgets():
    weight = Pruned("AdaGrad", Constraint.MASK_BLOB)
    weight.sparse(50)
    assert weight.re_dense_updates(1)[0] == pytest.approx(1.0, rel=1e-6)
    weight = Pruned("AdaGrad", Constraint.ZERO_AFTER_STEP)
    weight.sparse(LONG)
    assert weight.re_dense_updates(1)[0] == pytest.approx(1 / math.sqrt(LONG + 1), rel=1e-6)


def test_adadelta_restarts_after_a_mask_blob():
    rho, delta = 0.95, 1e-6
    weight = Pruned("AdaDelta", Constraint.MASK_BLOB, momentum=rho, delta=delta)
    weight.sparse(50)
    assert weight.re_dense_updates(1)[0] == pytest.approx(math.sqrt(delta / (1 - rho)), rel=1e-3)


@pytest.mark.parametrize("kind", SOLVERS)
def test_with_a_fresh_solver_the_constraints_are_one_method(kind):
    updates = []
    for constraint in Constraint:
        weight = Pruned(kind, constraint)
        weight.sparse(20)
        updates.append(weight.re_dense_updates(5, StateRule.RESET))
    assert updates[0] == updates[1] == updates[2]
