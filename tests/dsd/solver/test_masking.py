"""Weights that learn under a mask: the gradient goes straight through, and between steps they are zero."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from dsd.solver.choices import ClipScope, Constraint
from dsd.solver.histories import SolverError
from dsd.solver.rules import SGD, Adam

KEPT = torch.tensor([[True, False, True, False], [False, True, True, True], [True, True, False, False]])


def drawn(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(len(shape)))


def loss_of(weight: torch.Tensor, step: int) -> torch.Tensor:
    x = torch.randn(5, 4, generator=torch.Generator().manual_seed(step))
    return (torch.tanh(x @ weight.t()) - 0.3).square().mean()


def test_straight_through_gradients():
    """Against the same by hand: dense weights, the loss at the masked ones, momentum and decay on the dense ones."""
    dense, history = drawn(3, 4), torch.zeros(3, 4)
    weight = nn.Parameter(dense.clone())
    under = {weight: torch.where(KEPT, 0, dense)}
    solver = SGD([weight], lr=0.5, momentum=0.9, weight_decay=0.01)
    solver.enter({weight: KEPT}, Constraint.ZERO_AFTER_STEP, under=under)
    for step in range(6):
        solver.zero_grad()
        loss_of(weight, step).backward()
        solver.step()
        masked = torch.where(KEPT, dense, 0).requires_grad_()
        (gradient,) = torch.autograd.grad(loss_of(masked, step), masked)
        history = 0.9 * history + 0.5 * (gradient + 0.01 * dense)
        dense = dense - history
        torch.testing.assert_close(weight.detach(), torch.where(KEPT, dense, 0))
        torch.testing.assert_close(under[weight], torch.where(KEPT, 0, dense))
        assert not torch.signbit(weight.detach()[~KEPT]).any()


def test_survivors_are_the_same_as_without():
    found = []
    for learns in (False, True):
        weight = nn.Parameter(drawn(3, 4))
        solver = Adam([weight], lr=0.05, weight_decay=0.01, clip_gradients=0.1)
        under = {weight: torch.where(KEPT, 0, weight.detach())} if learns else None
        solver.enter({weight: KEPT}, Constraint.ZERO_AFTER_STEP, ClipScope.ACTIVE, under)
        for step in range(5):
            solver.zero_grad()
            loss_of(weight, step).backward()
            solver.step()
        found.append(weight.detach())
    assert found[0].equal(found[1])


def test_a_mask_that_keeps_all_has_nothing_under_it():
    weight = nn.Parameter(drawn(3, 4))
    under = {weight: torch.zeros(3, 4)}
    solver = SGD([weight], lr=0.5)
    solver.enter({weight: torch.ones(3, 4, dtype=torch.bool)}, Constraint.ZERO_AFTER_STEP, under=under)
    loss_of(weight, 0).backward()
    solver.step()
    assert (under[weight] == 0).all() and not weight.detach().equal(drawn(3, 4))


def test_other_constraints_are_refused():
    weight = nn.Parameter(drawn(3, 4))
    with pytest.raises(SolverError, match="want ZERO_AFTER_STEP, not MASK_BLOB"):
        SGD([weight], lr=0.5).enter({weight: KEPT}, under={weight: torch.zeros(3, 4)})
