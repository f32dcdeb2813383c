"""Learning rates against those the original Caffe reported, and against the formulas."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from google.protobuf import text_format
from oracle import golden_cases

from dsd.solver.from_message import read_rates
from dsd.solver.rates import POLICIES, RateError, RateSchedule
from netdef.schema.messages import SolverParameter


def complaints_about(make) -> dict[str, str]:
    """{field: complaint} of a schedule that is being made; they are also the error's text."""
    try:
        make()
    except RateError as error:
        assert all(complaint in str(error) for _, complaint in error.problems)
        return dict(error.problems)
    return {}


def test_sgdr_ends_a_period_at_a_millionth_unless_min_lr_is_given():
    solver = SolverParameter(base_lr=0.5, lr_policy="sgdr", max_iter=10, period=4)
    assert read_rates(solver).at(2) == pytest.approx(1e-6 + (0.5 - 1e-6) / 2)
    assert read_rates(solver).current_step(11) == 1 and read_rates(solver).current_step(12) == 2
    solver.min_lr = 0.1
    assert read_rates(solver).at(2) == pytest.approx(0.3)


@pytest.mark.parametrize("case", golden_cases("solvers"), ids=lambda case: case.name)
def test_recorded_rates(case):
    solver = text_format.Parse((case / "solver.prototxt").read_text(), SolverParameter())
    schedule = read_rates(solver)
    recorded = np.load(case / "golden.npz")["lr"]
    assert [schedule.at(i) for i in range(len(recorded))] == pytest.approx(recorded.tolist(), rel=1e-6)
    meta = json.loads((case / "meta.json").read_text())
    assert schedule.current_step(meta["state_iter"] - 1) == meta["state_current_step"]


@pytest.mark.parametrize(
    ("fields", "iteration", "rate"),
    [
        ({"policy": "fixed"}, 1000, 0.5),
        ({"policy": "step", "gamma": 0.1, "stepsize": 4}, 11, 0.5 * 0.1 * 0.1),
        ({"policy": "exp", "gamma": 0.9}, 3, 0.5 * 0.9 * 0.9 * 0.9),
        ({"policy": "inv", "gamma": 0.25, "power": 2.0}, 4, 0.5 / 4),
        ({"policy": "multistep", "gamma": 0.5, "stepvalues": (2, 5)}, 5, 0.125),
        ({"policy": "poly", "power": 2.0, "max_iter": 8}, 6, 0.5 / 16),
        ({"policy": "poly", "power": 1.5, "max_iter": 8}, 8, 0.0),
        ({"policy": "poly", "power": 1.5, "max_iter": 8}, 9, 0.0),
        ({"policy": "sigmoid", "gamma": 0.5, "stepsize": 6}, 6, 0.25),
        ({"policy": "sigmoid", "gamma": 0.5, "stepsize": 6}, 2, 0.5 / (1 + math.exp(2))),
        ({"policy": "sigmoid", "gamma": 0.5, "stepsize": 6}, 12, 0.5 / (1 + math.exp(-3))),
        ({"policy": "sigmoid", "gamma": 10.0, "stepsize": 100}, 0, 0.0),  # e^1000 is no double
        ({"policy": "sigmoid", "gamma": 10.0, "stepsize": 1}, 1000, 0.5),
        ({"policy": "exp", "gamma": 10.0}, 400, math.inf),
        ({"policy": "fixed", "warmup_iter": 4, "warmup_lr": 0.1}, 0, 0.1),  # of intel/caffe
        ({"policy": "fixed", "warmup_iter": 4, "warmup_lr": 0.1}, 3, 0.1 + 0.75 * 0.4),
        ({"policy": "step", "gamma": 0.1, "stepsize": 3, "warmup_iter": 4}, 4, 0.5 * 0.1),
        ({"policy": "fixed", "warmup_iter": 4, "warmup_lr": 0.1, "warmup_power": 2}, 3, 0.1 + 0.75**2 * 0.4),  # NVIDIA's
        ({"policy": "poly", "power": 2.0, "max_iter": 8, "min_lr": 0.1}, 6, 0.1 + 0.4 / 16),
        ({"policy": "poly", "power": 2.0, "max_iter": 8, "min_lr": 0.1}, 9, 0.1),
        ({"policy": "exp", "gamma": 0.1, "min_lr": 0.02}, 2, 0.02),
        ({"policy": "fixed", "warmup_iter": 4, "min_lr": 0.3}, 1, 0.3),
        ({"policy": "multifixed", "stagelr": (0.1, 0.3, 0.2), "stageiter": (2, 5, 7)}, 2, 0.1),  # up to and with
        ({"policy": "multifixed", "stagelr": (0.1, 0.3, 0.2), "stageiter": (2, 5, 7)}, 3, 0.3),
        ({"policy": "multifixed", "stagelr": (0.1, 0.3, 0.2), "stageiter": (2, 5, 7)}, 100, 0.2),
        ({"policy": "sgdr", "max_iter": 8, "min_lr": 0.1}, 2, 0.1 + 0.4 * (1 + math.cos(math.pi / 4)) / 2),  # of jolibrain's
        ({"policy": "sgdr", "max_iter": 99, "period": 3}, 0, 0.5),
        ({"policy": "sgdr", "max_iter": 99, "period": 3}, 3, 0.5 * 0.8),
        ({"policy": "sgdr", "max_iter": 99, "period": 3, "p_mult": 1.5}, 6, 0.5 * 0.8 * (1 + math.cos(math.pi * 3 / 4)) / 2),
        ({"policy": "sgdr", "max_iter": 99, "period": 3, "p_mult": 1.5, "lr_mult": 0.5}, 7, 0.125),
        ({"policy": "linear", "dst_lr": 0.1, "max_iter": 8}, 0, 0.5),  # of SplitNet
        ({"policy": "linear", "dst_lr": 0.1, "max_iter": 8}, 6, 0.2),
        ({"policy": "linear", "dst_lr": 0.1, "max_iter": 8}, 9, 0.1),
        ({"policy": "linear", "dst_lr": 0.9, "max_iter": 8, "dst_iter": 4}, 3, 0.8),
        ({"policy": "linear", "dst_lr": 0.9, "max_iter": 8, "dst_iter": 4}, 5, 0.9),
    ],
)
def test_formulas(fields, iteration, rate):
    assert RateSchedule(base_lr=0.5, **fields).at(iteration) == pytest.approx(rate, rel=1e-12)


@pytest.mark.parametrize(
    ("stepvalues", "steps"),
    [
        ((3, 5), [0, 0, 0, 1, 1, 2, 2, 2]),
        ((3, 3, 3), [0, 0, 0, 1, 2, 3, 3, 3]),  # one step an iteration
        ((4, 2, 6), [0, 0, 0, 0, 1, 2, 3, 3]),  # the second was due long ago and follows at once
        ((0, 2), [1, 1, 2, 2, 2, 2, 2, 2]),
    ],
)
def test_multistep_takes_one_step_an_iteration(stepvalues, steps):
    schedule = RateSchedule("multistep", 1.0, gamma=0.5, stepvalues=stepvalues)
    assert [schedule.current_step(i) for i in range(8)] == steps
    assert [schedule.at(i) for i in range(8)] == [0.5**step for step in steps]


@pytest.mark.parametrize(
    ("fields", "complaints"),
    [
        ({"policy": "step", "base_lr": 1.0}, {"lr_policy": "needs `gamma` and `stepsize`, which are"}),
        ({"policy": "multistep", "base_lr": 1.0, "gamma": 0.1}, {"lr_policy": "needs `stepvalue`, which is missing"}),
        ({"policy": "poly", "base_lr": None}, {"base_lr": "missing", "lr_policy": "needs `power` and `max_iter`"}),
        ({"policy": None, "base_lr": 1.0},
         {"lr_policy": "fixed, step, exp, inv, multistep, poly, sigmoid, multifixed, linear, plateau, sgdr"}),
        ({"policy": "sgdr", "base_lr": 1.0, "max_iter": 3, "p_mult": 0.5, "lr_mult": -1.0},
         {"p_mult": "is 0.5; it must be at least 1", "lr_mult": "is -1; it must be at least 0"}),
        ({"policy": "plateau", "base_lr": 1.0, "gamma": 0.1}, {"lr_policy": "needs `plateau_winsize`, which is missing"}),
        ({"policy": "plateau", "base_lr": 1.0, "gamma": 0.1, "windows": (4, 0)},
         {"plateau_winsize": "`plateau_winsize` is 0; it must be at least 1"}),
        ({"policy": "linear", "base_lr": 1.0, "max_iter": 3}, {"lr_policy": "needs `dst_lr`, which is missing"}),
        ({"policy": "linear", "base_lr": 1.0, "max_iter": 3, "dst_lr": 0.1, "dst_iter": 0.0}, {"dst_iter": "is 0; it must be"}),
        ({"policy": "multifixed", "base_lr": None}, {"lr_policy": "needs `stagelr` and `stageiter`, which are missing"}),
        ({"policy": "multifixed", "base_lr": None, "stagelr": (0.1, 0.2), "stageiter": (3,)},
         {"stageiter": "1 `stageiter` and 2 `stagelr`"}),
        ({"policy": "fixed", "base_lr": 1.0, "warmup_iter": -1}, {"warmup_iter": "is -1; it must not be negative"}),
        ({"policy": "poly", "base_lr": 1.0, "power": 1.0, "max_iter": 3, "min_lr": 2.0}, {"min_lr": "above `base_lr` 1"}),
        ({"policy": "fixed", "base_lr": 1.0, "min_lr": -2.0}, {"min_lr": "is -2"}),
        ({"policy": "ste", "base_lr": 1.0}, {"lr_policy": "did you mean `step`?"}),
        ({"policy": "zzz", "base_lr": 1.0}, {"lr_policy": "one of fixed, step"}),
        ({"policy": "sigmoid", "base_lr": 1.0, "gamma": -0.5, "stepsize": 0}, {"gamma": "-0.5", "stepsize": "is 0"}),
        ({"policy": "inv", "base_lr": math.nan, "gamma": 0.1, "power": math.nan}, {"base_lr": "nan", "power": "nan"}),
        ({"policy": "exp", "base_lr": 1.0, "gamma": 0.0}, {}),
        ({"policy": "fixed", "base_lr": 0.0, "gamma": -1.0}, {}),  # what the policy does not read may be anything
    ],
)
def test_check_names_what_is_missing_or_wrong(fields, complaints):
    found = complaints_about(lambda: RateSchedule(**fields))
    assert found.keys() == complaints.keys()
    for field, part in complaints.items():
        assert part in found[field]


def test_every_policy_needs_a_rate():
    for policy in set(POLICIES) - {"multifixed"}:
        assert "base_lr" in complaints_about(lambda policy=policy: RateSchedule(policy, None))


def test_slower_schedules_keep_their_form():
    rates = RateSchedule("poly", 0.4, power=1.0, max_iter=8, min_lr=0.2, warmup_iter=3).slowed(10, 4)
    assert [round(rates.at(i), 6) for i in range(5)] == [0.04, 0.035, 0.03, 0.025, 0.02]
    line = RateSchedule("linear", 0.4, dst_lr=0.2, max_iter=8, dst_iter=6).slowed(10, 4)
    assert [round(line.at(i), 6) for i in range(5)] == [0.04, 0.035, 0.03, 0.025, 0.02]
    stages = RateSchedule("multifixed", None, stagelr=(0.1, 0.3), stageiter=(1, 3)).slowed(10, 4)
    assert [round(stages.at(i), 6) for i in range(4)] == [0.01, 0.01, 0.03, 0.03]


@pytest.mark.parametrize("policy", [{"policy": "fixed"}, {"policy": "poly", "power": 1.0, "max_iter": 8}])
def test_a_negative_rate_climbs_as_in_caffe(policy):
    """Caffe has no lower limit of rates: it is a fork's field, unset here."""
    assert RateSchedule(base_lr=-0.5, **policy).at(0) == -0.5


def test_the_rate_of_plateau_depends_on_its_steps():
    schedule = RateSchedule("plateau", 0.5, gamma=0.1, windows=(3, 4), min_lr=0.01)
    assert [schedule.at(7), schedule.at(7, 1), schedule.at(7, 2)] == pytest.approx([0.5, 0.05, 0.01])
