"""Momenta that change during training."""

from __future__ import annotations

import pytest
import torch

from dsd.solver.from_message import check_solver, read_rates
from dsd.solver.momenta import momentum_at, step_at
from dsd.training.trainer import Trainer
from netdef.definition.read import read_solver_text
from netdef.schema.messages import SolverParameter

EPOCHS = {"momentum_start": 0.9, "momentum_end": 0.5, "terminal_epoch_number": 4, "stepsize": 3, "momentum": 0.7}
RISING = {"rs": 0.5, "re": 0.9, "mom_inc_iter": 8}


@pytest.mark.parametrize(("iteration", "momentum"), [(0, 0.9), (2, 0.9), (3, 0.8), (11, 0.6), (12, 0.5), (99, 0.5)])
def test_a_momentum_of_epochs(iteration, momentum):
    """0.9 - 0.4 * epoch / 4; the step takes the other sign of it, and less of the rate."""
    assert step_at(SolverParameter(**EPOCHS), iteration, 100, 0.5) == pytest.approx((0.5 * (1 - momentum), -momentum))


def test_a_momentum_of_epochs_needs_its_three_fields_and_is_of_sgd():
    assert step_at(SolverParameter(**EPOCHS, type="Nesterov"), 5, 100, 0.5) == (0.5, None)
    partly = {name: value for name, value in EPOCHS.items() if name != "momentum_end"}
    assert step_at(SolverParameter(**partly), 5, 100, 0.5) == (0.5, None)
    assert step_at(SolverParameter(**EPOCHS | {"terminal_epoch_number": 0}), 0, 100, 0.5) == pytest.approx((0.25, -0.5))


@pytest.mark.parametrize(("fields", "iteration", "rate", "wanted"), [
    ({}, 3, 0.1, None),
    # 0.5 + 0.4 * (3 / 12)
    ({"momentum_policy": "poly", "momentum": 0.5, "max_momentum": 0.9}, 3, 0.1, 0.6),
    # 0.5 + 0.4 * (6 / 12)^2
    ({"momentum_policy": "poly", "momentum": 0.5, "max_momentum": 0.9, "momentum_power": 2}, 6, 0.1, 0.6),
    ({"momentum_policy": "poly", "momentum": 0.5}, 12, 0.1, 0.99),
    # (1 - 0.4 / 2)^2
    ({"momentum_policy": "opt"}, 7, 0.16, 0.64),
    ({"momentum_policy": "opt", "max_momentum": 0.6}, 7, 0.16, 0.6),
    (RISING, 0, 0.1, 0.5), (RISING, 3, 0.1, 0.5 + 0.4 * 3 / 8), (RISING, 99, 0.1, 0.9),
    ({**RISING, "type": "Adam"}, 3, 0.1, None),
])
def test_policies(fields, iteration, rate, wanted):
    found = momentum_at(SolverParameter(**fields), iteration, 12, rate)
    assert found is None if wanted is None else found == pytest.approx(wanted, abs=1e-7)


@pytest.mark.parametrize(("fields", "field", "part"), [
    ({"momentum_policy": "polly"}, "momentum_policy", "did you mean `poly`?"),
    ({"momentum_policy": "poly", "max_momentum": 1.5}, "max_momentum", "1.5; it must be at least 0 and below 1"),
    ({"momentum_policy": "poly", "momentum_power": -1}, "momentum_power", "-1; it must be at least 0"),
    ({**EPOCHS, "momentum_end": 1}, "momentum_end", "1; it must be at least 0 and below 1"),
    ({**EPOCHS, "stepsize": 0}, "terminal_epoch_number", "epochs of `stepsize` iterations, which is 0"),
    ({**EPOCHS, "momentum_policy": "opt"}, "momentum_policy", "both `momentum_policy` and `momentum_start`; keep one"),
    ({**RISING, "re": 1}, "re", "1; it must be at least 0 and below 1"),
    ({**RISING, "rs": 0.95}, "rs", "must be below `re`, 0.9"),
    ({**RISING, "mom_inc_iter": 0}, "mom_inc_iter", "0; it must be at least 1"),
    ({**RISING, "momentum_policy": "opt"}, "re", "another rule both change the momentum"),
    ({"momentum_policy": "opt", "type": "RMSProp"}, "momentum_policy", "RMSProp has no momentum"),
])
def test_mistakes(fields, field, part):
    ((found, complaint),) = check_solver(SolverParameter(**fields))
    assert found == field and part in complaint


NET = """
net_param {
  layer { name: "in" type: "Input" top: "x" top: "t" input_param { shape { dim: 1 dim: 1 } } }
  layer { name: "ip" type: "InnerProduct" bottom: "x" top: "y" inner_product_param { num_output: 1 bias_term: false } }
  layer { name: "loss" type: "EuclideanLoss" bottom: "y" bottom: "t" top: "loss" }
}"""


def test_training_follows_the_policy():
    """w -= h, h = m h + r g, with g = w - 1 (one input of 1, target 1), m = 0.2 * i / 4 and r = 0.5."""
    solver = read_solver_text("""
base_lr: 0.5 lr_policy: "fixed" momentum_policy: "poly" max_momentum: 0.2 max_iter: 4 solver_mode: CPU
snapshot_after_train: false
""" + NET)
    trainer = Trainer(solver)
    one = torch.ones(1, 1)
    w = h = 0.0
    for i in range(4):
        h = 0.2 * i / 4 * h + 0.5 * (w - 1)
        w -= h
        trainer.step(1, {"x": one, "t": one})
        assert trainer.net.params["ip"][0].item() == pytest.approx(w, abs=1e-6)


def test_no_rate_is_above_max_lr():
    solver = SolverParameter(base_lr=1, lr_policy="step", gamma=0.25, stepsize=2, max_iter=6, max_lr=0.5, min_lr=0.125)
    rates = read_rates(solver)
    assert [rates.at(i) for i in range(6)] == [0.5, 0.5, 0.25, 0.25, 0.125, 0.125]


def test_training_by_a_momentum_of_epochs():
    """w -= h, h = -m h + (1 - m) r g, with g = w - 1, m = 0.8 and then, from iteration 2 on, 0.4, and r = 0.5."""
    trainer = Trainer(read_solver_text("""
base_lr: 0.5 lr_policy: "fixed" momentum_start: 0.8 momentum_end: 0.4 terminal_epoch_number: 1 stepsize: 2 max_iter: 4
solver_mode: CPU snapshot_after_train: false
""" + NET))
    one = torch.ones(1, 1)
    w = h = 0.0
    for m in (0.8, 0.8, 0.4, 0.4):
        h = -m * h + (1 - m) * 0.5 * (w - 1)
        w -= h
        trainer.step(1, {"x": one, "t": one})
        assert trainer.net.params["ip"][0].item() == pytest.approx(w, abs=1e-6)
