from __future__ import annotations

import math

import pytest

from dsd.plan.until_converged import UntilConverged
from dsd.training.convergence import ConvergenceWatch


def answers(values: list[float], patience: int, min_delta: float = 0.0, upward: bool = True) -> list[bool]:
    watch = ConvergenceWatch()
    return [watch.converged(UntilConverged(patience, "x", min_delta), value, upward) for value in values]


def test_patience_counts_tests_since_the_best():
    assert answers([0.5, 0.6, 0.6, 0.55, 0.7, 0.7, 0.7, 0.7], patience=3) == [False] * 7 + [True]


def test_losses_improve_downward():
    assert answers([3.0, 2.0, 2.5], patience=1, upward=False) == [False, False, True]


def test_small_steps_are_no_improvement_until_they_add_up():
    assert answers([0.5, 0.625, 0.75, 0.75], patience=2, min_delta=0.125) == [False, False, False, False]
    assert answers([0.5, 0.625, 0.625], patience=2, min_delta=0.125) == [False, False, True]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_no_improvement(value):
    assert answers([value, value, 0.5], patience=3) == [False, False, False]
    assert answers([0.5, value], patience=1) == [False, True]


def test_a_snapshot_holds_it():
    watch = ConvergenceWatch()
    assert ConvergenceWatch.of(watch.message()).best is None
    until = UntilConverged(9, "x")
    for value in (0.1, 0.3, 0.2):
        watch.converged(until, value, True)
    again = ConvergenceWatch.of(watch.message())
    assert (again.best, again.tests_since) == (watch.best, watch.tests_since) == (0.3, 1)
