"""The state of a run between iterations and phases."""

from __future__ import annotations

import math

import pytest
from toys import toy

from dsd.plan.prepare import RunOptions, prepare
from dsd.training.run import Run
from netdef.definition.read import read_solver
from netdef.errors import NetdefError


@pytest.fixture
def run(tmp_path) -> Run:
    return Run(prepare(read_solver(toy(tmp_path)), RunOptions(seed=3)))


def test_state_before_the_first_iteration(run):
    assert (run.iteration, run.begun, run.max_iter, run.seed, run.masks) == (0, -1, 12, 3, {})
    assert math.isnan(run.loss) and run.recent_losses == []
    assert run.phase is run.phase_in_force is run.phases[0]
    assert run.settings is run.spec.message and len(run.test_nets) == 0


def test_phases_and_rates_by_iteration(run):
    """Phases of 5, 4 and 3 iterations; rates 0.1, 0.02, 0.01 that halve every 2 iterations of a phase."""
    assert [run.index_at(i) for i in (0, 4, 5, 8, 9, 11, 12)] == [0, 0, 1, 1, 2, 2, 2]
    rates = []
    for run.iteration in range(12):
        rates.append(run.rate)
    assert rates == pytest.approx([0.1, 0.1, 0.05, 0.05, 0.025, 0.02, 0.02, 0.01, 0.01, 0.01, 0.01, 0.005])


def test_a_rate_that_is_set_holds_until_its_phase_ends(run):
    run.iteration = 2
    run.rate = 0.75
    rates = []
    for run.iteration in (2, 3, 4, 5, 6):
        rates.append(run.rate)
    assert rates == pytest.approx([0.75, 0.75, 0.75, 0.02, 0.02])
    for wrong in (-1.0, math.inf, math.nan):
        with pytest.raises(NetdefError, match="the rate is set to .*; it must be at least 0 and finite"):
            run.rate = wrong


def test_the_phase_in_force_is_the_last_that_began(run):
    run.iteration, run.begun = 5, 0
    assert run.phase_in_force is run.phases[0] and run.phase is run.phases[1]


def test_weights_under_masks(run):
    assert run.mask_weight("ip1_mask") is run.net.layers["ip1"].weight
    assert sorted(run.keeper.weights) == ["conv2_mask", "ip1_mask", "ip2_mask"]
    assert run.audit().layers == ()
