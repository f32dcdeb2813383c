"""An attached run does what a plain loop with masks applied by hand does, to the bit, for every optimiser."""

from __future__ import annotations

import copy

import pytest
import torch
from plain_loop import PRUNED, Net, by_hand, loss_of, train, zero
from torch import optim

import dsd
from dsd.attached.attach import attach
from dsd.attached.phases import Dense, Sparse

LENGTHS = (4, 6, 3)
PHASES = [Dense(4), Sparse(6, sparsity=0.4), Dense(3)]


class Lion(optim.Optimizer):
    """A foreign optimiser: the sign of a momentum, and a history that never stays empty by itself."""

    def __init__(self, params, lr=0.01, decay=0.1):
        super().__init__(params, {"lr": lr, "decay": decay})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                if not state:
                    state["momentum"], state["steps"], state["seen"] = torch.zeros_like(p), 0, torch.zeros_like(p)
                p.mul_(1 - group["lr"] * group["decay"])
                p.sub_((0.9 * state["momentum"] + 0.1 * p.grad).sign(), alpha=group["lr"])
                state["momentum"].lerp_(p.grad, 0.01)
                state["seen"].add_(1)
                state["steps"] += 1


OPTIMIZERS = {
    "sgd": lambda p: optim.SGD(p, lr=0.1),
    "momentum": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.1, weight_decay=0.01),
    "nesterov": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    "maximize": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, maximize=True),
    "sgd foreach": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, foreach=True),
    "sgd fused": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, fused=True),
    "adam": lambda p: optim.Adam(p, lr=0.01),
    "adam decay amsgrad": lambda p: optim.Adam(p, lr=0.01, weight_decay=0.1, amsgrad=True),
    "adam foreach": lambda p: optim.Adam(p, lr=0.01, foreach=True),
    "adam fused": lambda p: optim.Adam(p, lr=0.01, fused=True),
    "adam eps 0": lambda p: optim.Adam(p, lr=0.01, eps=0),
    "adamw": lambda p: optim.AdamW(p, lr=0.01, weight_decay=0.1),
    "adamw fused": lambda p: optim.AdamW(p, lr=0.01, weight_decay=0.1, fused=True),
    "nadam": lambda p: optim.NAdam(p, lr=0.01),
    "radam": lambda p: optim.RAdam(p, lr=0.01),
    "rmsprop": lambda p: optim.RMSprop(p, lr=0.01, momentum=0.9, centered=True),
    "rmsprop eps 0": lambda p: optim.RMSprop(p, lr=0.01, momentum=0.9, eps=0),
    "adagrad": lambda p: optim.Adagrad(p, lr=0.1, initial_accumulator_value=0.2),
    "adagrad fused": lambda p: optim.Adagrad(p, lr=0.1, fused=True),
    "adadelta": lambda p: optim.Adadelta(p),
    "asgd": lambda p: optim.ASGD(p, lr=0.1, t0=2, weight_decay=0.01),
    "rprop": lambda p: optim.Rprop(p),
    "adamax": lambda p: optim.Adamax(p, weight_decay=0.01),
    "foreign": lambda p: Lion(p),
    "caffe": lambda p: dsd.Adam(p, lr=0.01, weight_decay=0.01),
}
each_optimizer = pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())


@each_optimizer
def test_three_phases_are_those_of_a_plain_loop(make):
    model = Net()
    wanted = list(by_hand(model, make, LENGTHS, 0.4))
    run = attach(model, optimizer := make(list(model.parameters())), PHASES)
    for step, after in enumerate(wanted):
        train(model, optimizer, range(step, step + 1))
        if step != 3:  # at its end the sparse phase has begun
            for name, p in model.named_parameters():
                torch.testing.assert_close(  # with eps 0 a zero gradient is NaN in both
                    p.detach(), after[name], rtol=0, atol=0, equal_nan=True, msg=f"step {step}, {name}")
    assert run.iteration == 13 and run.masks == {}


@each_optimizer
def test_pruned_weights_and_their_state_are_zero_after_every_step(make):
    model = Net()
    run = attach(model, optimizer := make(list(model.parameters())), [Dense(3), Sparse(4, sparsity=0.4, solver_state="CARRY")])
    for step in range(7):
        train(model, optimizer, range(step, step + 1))
        for name, kept in run.masks.items():
            pruned = model.state_dict()[name][~kept]
            assert torch.equal(pruned, torch.zeros_like(pruned)) and not pruned.signbit().any()
            for value in optimizer.state[model.get_parameter(name)].values():
                if isinstance(value, torch.Tensor) and value.shape == kept.shape:
                    assert not value[~kept].any()
    assert sorted(run.masks) == list(PRUNED)
    assert run.audit().holds


def test_carried_state_goes_on_for_survivors():
    """CARRY by hand: one optimiser throughout, whose histories are masked once, when the sparse phase begins."""
    model, rules = Net(), dict(lr=0.01, weight_decay=0.01)
    control = copy.deepcopy(model)
    run = attach(model, optimizer := optim.Adam(model.parameters(), **rules),
                 [Dense(4), Sparse(6, sparsity=0.4, solver_state="CARRY"), Dense(3, solver_state="CARRY")])
    other = optim.Adam(control.parameters(), **rules)
    train(model, optimizer, range(4))
    train(control, other, range(4))
    masks = {name: kept.float() for name, kept in run.masks.items()}
    assert {name: int(kept.sum()) for name, kept in masks.items()} == {
        "conv2.weight": 36, "fc1.weight": 189, "fc2.weight": 17}  # 0.6 of 60, 315 and 28
    zero(control, masks)
    for name, kept in masks.items():
        for history in ("exp_avg", "exp_avg_sq"):
            other.state[control.get_parameter(name)][history].mul_(kept)
    for step in range(4, 13):
        loss_of(control, step).backward()
        for name, kept in masks.items() if step < 10 else ():
            control.get_parameter(name).grad.mul_(kept)
        other.step()
        other.zero_grad()
        train(model, optimizer, range(step, step + 1))
        for (name, p), q in zip(model.named_parameters(), control.parameters()):
            assert torch.equal(p, q), f"step {step}, {name}"


def test_quantised_state_is_left_alone():
    """State tensors of whole numbers are codes, not values."""
    model = Net()
    optimizer = Lion(list(model.parameters()))
    for p in model.parameters():
        optimizer.state[p] = {"momentum": torch.zeros_like(p), "seen": torch.zeros_like(p), "steps": 0,
                              "codes": torch.full(p.shape, 7, dtype=torch.uint8)}
    run = attach(model, optimizer, [Sparse(3, sparsity=0.4)])
    train(model, optimizer, range(2))
    assert all((state["codes"] == 7).all() for state in optimizer.state.values()) and run.audit().holds


@pytest.mark.parametrize("rule", ["RESET", "CARRY_ACTIVE"])
def test_state_at_the_start_of_a_dense_phase(rule):
    model = Net()
    run = attach(model, optimizer := optim.SGD(model.parameters(), lr=0.1, momentum=0.9),
                 [Sparse(3, sparsity=0.4, constraint="ZERO_AFTER_STEP"), Dense(3, solver_state=rule)])
    kept = run.masks["fc1.weight"]
    train(model, optimizer, range(2))
    before = optimizer.state[model.fc1.weight]["momentum_buffer"].clone()
    assert before[~kept].any()  # zeroing after the step lets it grow
    train(model, optimizer, range(2, 3))
    after = optimizer.state[model.fc1.weight].get("momentum_buffer")
    if rule == "RESET":
        assert after is None
    else:
        assert after[kept].any() and not after[~kept].any()
