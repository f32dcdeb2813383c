"""lr_policy "plateau": steps of a rate that follows the loss."""

from __future__ import annotations

import math

import pytest

from dsd.solver.plateau import Plateau

NONE = math.nan


@pytest.mark.parametrize(
    ("losses", "windows", "steps"),
    [
        # Events in iterations 0 and 1: the step comes 3 iterations after 1. The next window counts from it.
        ([4, 3, 3, 5, 4, 3, 3], (3, 2), [0, 0, 0, 0, 1, 1, 2]),
        # A new least loss in the iteration of a step that was due puts it off.
        ([4, 4, 3, 4, 4], (2,), [0, 0, 0, 0, 1]),
        ([4, 4, 4, 4, 4], (1, 1, 1), [0, 1, 2, 3, 3]),
        ([5, 4, 3, 2, 1], (1, 1), [0, 0, 0, 0, 0]),
        ([NONE, NONE, NONE, 7, 7, 7], (2, 9), [0, 0, 1, 1, 1, 1]),  # what is not finite is no event
        ([math.inf, math.inf], (1,), [0, 1]),
    ],
)
def test_steps(losses: list[float], windows: tuple[int, ...], steps: list[int]):
    plateau, found = Plateau(0), []
    for iteration, loss in enumerate(losses):
        plateau.follow(iteration, loss, windows)
        once = (plateau.steps, plateau.least, plateau.last_event)
        plateau.follow(iteration, loss, windows)
        assert (plateau.steps, plateau.least, plateau.last_event) == once
        found.append(plateau.steps)
    assert found == steps


def test_the_first_window_begins_where_the_policy_does():
    plateau = Plateau(10)
    plateau.follow(11, math.nan, (2,))
    assert plateau.steps == 0
    plateau.follow(12, math.nan, (2,))
    assert plateau.steps == 1
