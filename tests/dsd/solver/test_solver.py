"""A step: frozen parameters, NaN, closures, rates."""

from __future__ import annotations

import math

import pytest
import torch

from dsd.solver.rules import SGD, SOLVERS

OPTIONS = {
    "SGD": {"momentum": 0.9},
    "Nesterov": {"momentum": 0.8},
    "AdaGrad": {"delta": 1e-4},
    "RMSProp": {"rms_decay": 0.95, "delta": 1e-3},
    "AdaDelta": {"momentum": 0.95, "delta": 1e-4},
    "Adam": {"momentum": 0.9, "momentum2": 0.98, "delta": 1e-5},
}


@pytest.mark.parametrize("kind", SOLVERS)
def test_lr_mult_0_freezes(kind):
    frozen, free = torch.nn.Parameter(torch.ones(3)), torch.nn.Parameter(torch.ones(2))
    groups = [{"params": [frozen], "lr_mult": 0.0}, {"params": [free]}]
    solver = SOLVERS[kind](groups, lr=0.5, weight_decay=0.1, clip_gradients=5.0, **OPTIONS[kind])
    alone = torch.nn.Parameter(torch.ones(2))
    same = SOLVERS[kind]([alone], lr=0.5, weight_decay=0.1, clip_gradients=5.0, **OPTIONS[kind])
    for _ in range(2):
        frozen.grad, free.grad, alone.grad = torch.full((3,), 100.0), torch.tensor([3.0, 4.5]), torch.tensor([3.0, 4.5])
        solver.step()
        same.step()
    assert frozen.tolist() == [1, 1, 1]
    assert torch.equal(free, alone), "its gradient counts in no norm"
    assert not any(h.any() for h in solver.history([frozen]))


def test_a_solver_of_frozen_parameters_only():
    p = torch.nn.Parameter(torch.ones(3))
    solver = SGD([{"params": [p], "lr_mult": 0.0}], lr=0.5, clip_gradients=1.0, iter_size=2)
    solver.step()
    assert p.tolist() == [1, 1, 1] and solver.iteration == 1


def test_a_gradient_of_nan_is_not_hidden_by_clipping():
    p = torch.nn.Parameter(torch.ones(3))
    solver = SGD([p], lr=0.5, clip_gradients=1.0)
    p.grad = torch.tensor([1.0, math.nan, 1.0])
    solver.step()
    assert p.isnan().tolist() == [False, True, False]  # Caffe: NaN > threshold is false, so nothing is scaled


def test_a_closure_is_called_and_its_loss_returned():
    p = torch.nn.Parameter(torch.tensor([2.0]))
    solver = SGD([p], lr=0.25)

    def closure():
        solver.zero_grad()
        loss = (p * p).sum()
        loss.backward()
        return loss

    assert solver.step(closure).item() == 4
    assert p.item() == 1


def test_torch_schedulers_set_the_rate():
    p = torch.nn.Parameter(torch.tensor([1.0]))
    solver = SGD([p], lr=0.5)
    scheduler = torch.optim.lr_scheduler.StepLR(solver, 1, gamma=0.5)
    for _ in range(2):
        p.grad = torch.ones(1)
        solver.step()
        scheduler.step()
    assert p.item() == 1 - 0.5 - 0.25


@pytest.mark.parametrize("kind", SOLVERS)
def test_an_unknown_argument_is_refused(kind):
    weight = torch.nn.Parameter(torch.ones(2))
    with pytest.raises(TypeError, match=f"{kind} takes no argument `weight_decai`; did you mean `weight_decay`"):
        SOLVERS[kind]([weight], lr=0.1, weight_decai=0.1)
    with pytest.raises(TypeError, match=f"{kind} takes no argument `nesterov`"):
        SOLVERS[kind]([weight], lr=0.1, nesterov=True)
