"""Solvers and rates from messages, and errors in the messages."""

from __future__ import annotations

import math

import pytest
import torch

from dsd.solver.from_message import check_solver, make_solver, read_rates
from dsd.solver.histories import SolverError
from dsd.solver.rates import RateError, RateSchedule
from dsd.solver.rules import SGD, SOLVERS, AdaDelta, AdaGrad, Adam, Nesterov, RMSProp
from netdef.schema.messages import DsdPhase, SolverParameter


def complaints_about(make) -> dict[str, str]:
    """{field: complaint} of a schedule that is being made; they are also the error's text."""
    try:
        make()
    except RateError as error:
        assert all(complaint in str(error) for _, complaint in error.problems)
        return dict(error.problems)
    return {}


@pytest.mark.parametrize(
    ("rule", "arguments", "field", "part"),
    [
        (SGD, {"momentum": -0.1}, "momentum", "-0.1; it must be at least 0 and below 1"),
        (SGD, {"momentum": 9}, "momentum", "is 9; it must be"),
        (Nesterov, {"momentum": math.nan}, "momentum", "nan"),
        (AdaGrad, {"momentum": 0.9}, "momentum", "0.9; AdaGrad takes none"),
        (RMSProp, {"momentum": 0.5}, "momentum", "0.5; RMSProp takes none"),
        (RMSProp, {"rms_decay": 1.0}, "rms_decay", "is 1; it must be at least 0 and below 1"),
        (RMSProp, {"rms_decay": -0.5}, "rms_decay", "-0.5"),
        (AdaDelta, {"momentum": 1.5}, "momentum", "at most 1"),
        (AdaGrad, {"delta": -1.0}, "delta", "-1; it must be at least 0"),
        (Adam, {"momentum": 1.0}, "momentum", "below 1"),
        (Adam, {"momentum2": 1.0}, "momentum2", "below 1"),
        (Adam, {"delta": math.inf}, "delta", "inf"),
        (SGD, {"regularization": "L3"}, "regularization_type", '"L3"; it is L1 or L2'),
        (SGD, {"iter_size": 0}, "iter_size", "is 0; it must be at least 1"),
        (SGD, {"clip_gradients": math.nan}, "clip_gradients", "nan"),
    ],
)
def test_arguments_are_checked(rule, arguments, field, part):
    ((found, complaint),) = rule.check(**arguments)
    assert found == field and part in complaint
    with pytest.raises(SolverError, match="must|takes none|it is L1|is nan"):
        rule([torch.nn.Parameter(torch.zeros(2))], 0.1, **arguments)


def test_all_complaints_at_once():
    with pytest.raises(SolverError) as error:
        Adam([torch.nn.Parameter(torch.zeros(2))], 0.1, momentum=2.0, momentum2=3.0, iter_size=-1)
    assert all(f"`{field}`" in str(error.value) for field in ("momentum", "momentum2", "iter_size"))


def test_solver_from_message():
    message = SolverParameter(type="RMSProp", rms_decay=0.5, weight_decay=0.25, regularization_type="L1", iter_size=3)
    assert check_solver(message) == []
    p = torch.nn.Parameter(torch.zeros(2))
    solver = make_solver(message, [{"params": [p], "lr_mult": 2.0}], lr=0.125)
    assert type(solver) is RMSProp and solver.regularization == "L1" and solver.iter_size == 3
    assert solver.clip_gradients == -1
    (group,) = solver.param_groups
    assert (group["rms_decay"], group["weight_decay"], group["lr"], group["lr_mult"]) == (0.5, 0.25, 0.125, 2.0)
    assert group["delta"] == pytest.approx(1e-8)

    message = SolverParameter(type="AdaGrad", momentum=0.5, iter_size=0)
    assert {field for field, _ in check_solver(message)} == {"momentum", "iter_size"}
    assert check_solver(SolverParameter(weight_decay=math.nan)) == [
        ("weight_decay", "`weight_decay` is nan; it must be a finite number")]
    complaint = 'unknown solver `type` "adam"; did you mean `Adam`?'
    assert check_solver(SolverParameter(type="adam")) == [("type", complaint)]
    assert "SGD, Nesterov" in check_solver(SolverParameter(type="x"))[0][1]
    assert all(check_solver(SolverParameter(type=kind)) == [] for kind in SOLVERS)


def test_a_phase_overrides_field_by_field():
    solver = SolverParameter(base_lr=0.5, lr_policy="multistep", gamma=0.25, stepvalue=[2, 4], max_iter=10)
    plain = read_rates(solver)
    assert plain == RateSchedule("multistep", 0.5, gamma=0.25, stepvalues=(2, 4), max_iter=10)
    phase = DsdPhase(base_lr=0.125, stepvalue=[1], max_iter=3)
    assert read_rates(solver, phase) == RateSchedule(
        "multistep", 0.125, gamma=0.25, stepvalues=(1,), max_iter=3
    )
    assert read_rates(solver, DsdPhase(base_lr=0.0)).at(0) == 0


def test_a_warm_up_is_read_from_either_fork():
    intel = SolverParameter(base_lr=7, lr_policy="fixed", warmup_iter=4, warmup_start_lr=1)
    assert [read_rates(intel).at(i) for i in range(6)] == [1, 2.5, 4, 5.5, 7, 7]
    nvidia = SolverParameter(base_lr=9, lr_policy="fixed", rampup_interval=4, rampup_lr=1)
    assert [read_rates(nvidia).at(i) for i in range(6)] == [1, 1.5, 3, 5.5, 9, 9]
    both = SolverParameter(base_lr=9, lr_policy="fixed", rampup_interval=4, warmup_iter=3)
    said = complaints_about(lambda: read_rates(both))
    assert "`warmup_iter` and `rampup_interval` both let" in said["warmup_iter"]


def test_the_warm_ups_of_makefile():
    def rates(**fields) -> list[float]:
        read = read_rates(SolverParameter(base_lr=8, lr_policy="fixed", warm_up_iters=4, warm_up_factor=0.25, **fields))
        return [read.at(i) for i in range(5)]

    assert rates() == [2, 3.5, 5, 6.5, 8]
    assert rates(warm_up_method="constant") == [2, 2, 2, 2, 8]
    assert rates(warm_up_method="exp", warm_up_power=2) == [0, 0.5, 2, 4.5, 8]
    said = complaints_about(lambda: rates(warm_up_method="slow"))
    assert "one of constant, linear, exp" in said["warm_up_method"]
    said = complaints_about(lambda: read_rates(SolverParameter(base_lr=8, lr_policy="exp", gamma=0.5, warm_up_factor=0.5)))
    assert "counts from the end of a warm-up" in said["warm_up_factor"]
