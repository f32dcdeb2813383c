"""The table of all six solvers, each number from its closed form."""

from __future__ import annotations

import math

import pytest

from dsd.solver.choices import ClipScope, Constraint, StateRule
from dsd.study.equivalence import all_solvers
from dsd.study.equivalence.all_solvers import CASES, course, first_updates, furthest, short

G = all_solvers.GRADIENT
BY_NAME = {str(case): case for case in CASES}

# {case: (history and first update after zeroing, first update after a mask blob), state carried}
CLOSED = {
    # h = S g / (1 - mu) with S = 10 D; then mu h + D g = (90 + 1) D g
    "SGD (momentum 0.9)": (1e-2 * G / 0.1, 0.9 * 10 / 0.1 + 1, 1.0),
    # mu h' + D g with h' = mu h + D g
    "Nesterov (momentum 0.9)": (1e-2 * G / 0.1, 0.9 * 91 + 1, 1.9),
    "AdaGrad": (3000 * G * G, 1 / math.sqrt(3001), 1.0),
    "RMSProp (rms_decay 0.99)": (G * G, 1.0, 10.0),
    "RMSProp (rms_decay 0.98)": (G * G, 1.0, 1 / math.sqrt(0.02)),
    "Adam (momentum 0.9, momentum2 0.999)": (G, 1.0, 0.1 / math.sqrt(0.001)),
}


@pytest.mark.parametrize("name", CLOSED)
def test_first_re_dense_updates(name):
    history, zeroed, masked = CLOSED[name]
    found = first_updates(BY_NAME[name], Constraint.ZERO_AFTER_STEP, StateRule.CARRY)
    assert found[0] == pytest.approx(history, rel=1e-3)
    assert found[1][0] == pytest.approx(zeroed, rel=1e-3)
    assert first_updates(BY_NAME[name], Constraint.MASK_UPDATE, StateRule.CARRY) == found
    none, updates = first_updates(BY_NAME[name], Constraint.MASK_BLOB, StateRule.CARRY)
    assert none == 0
    assert updates[0] == pytest.approx(masked, rel=1e-3)


def test_adadelta_by_its_recursion():
    (case,) = [case for case in CASES if case.kind == "AdaDelta"]
    rho, delta = case.options["momentum"], case.options["delta"]
    squares = moved = 0.0
    for _ in range(case.iterations + 1):
        squares = rho * squares + (1 - rho) * G * G
        update = G * math.sqrt((moved + delta) / (squares + delta))
        moved = rho * moved + (1 - rho) * update**2
    assert first_updates(case, Constraint.ZERO_AFTER_STEP, StateRule.CARRY)[1][0] == pytest.approx(update, rel=1e-9)
    # The first square seen is (1 - rho) g^2: sqrt(delta / (1 - rho)).
    assert first_updates(case, Constraint.MASK_BLOB, StateRule.CARRY)[1][0] == pytest.approx(
        math.sqrt(delta / (1 - rho)), rel=1e-3)


def test_adams_burst_rises_and_falls():
    (case,) = [case for case in CASES if case.kind == "Adam"]
    updates = first_updates(case, Constraint.MASK_BLOB, StateRule.CARRY)[1]
    for k, figure in {1: 3.16, 2: 4.25, 5: 5.8, 10: 6.5, 20: 6.2, 50: 4.5}.items():
        assert updates[k - 1] == pytest.approx((1 - 0.9**k) / math.sqrt(1 - 0.999**k), rel=1e-3)
        assert updates[k - 1] == pytest.approx(figure, rel=0.02)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_with_a_fresh_solver_the_constraints_are_one_method(case):
    assert len({tuple(first_updates(case, constraint, StateRule.RESET)[1]) for constraint in Constraint}) == 1


@pytest.mark.parametrize("case", CASES, ids=str)
def test_survivors_are_the_same_under_all_constraints(case):
    assert furthest(case) == 0.0
    assert furthest(case, 0.05) == 0.0
    assert furthest(case, 0.05, ClipScope.ALL) > 1e-3


def test_numbers_have_three_digits():
    numbers = {0.0: "0", 91.0000004: "91", 82.90001: "82.9", 0.00447: "0.00447", 4e-5: "4.0e-05", 750: "750"}
    assert [short(x) for x in numbers] == list(numbers.values())
    assert course([3.162, 4.2, 6.57, 5.0]) == "3.16, up to 6.57"
    assert course([1.0, 1.01]) == "1"
