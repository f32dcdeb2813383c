"""Masks around the steps of any optimiser: gradients, weights and histories, by arithmetic on one weight of six elements."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from plain_loop import Net, closure_of, loss_of, train
from torch import Tensor, nn, optim

import dsd
from dsd.attached.attach import attach
from dsd.attached.hooked import HookedOptimizer
from dsd.attached.phases import Sparse
from dsd.attached.run import AttachedRun
from dsd.solver.choices import ClipScope, Constraint

KEPT = torch.tensor([[True, False, True], [False, True, True]])
PRUNED = ~KEPT


class Training:
    """A weight of ones under `KEPT`, and an optimiser."""

    def __init__(self, make: Callable[[list[nn.Parameter]], optim.Optimizer], **options: object):
        self.weight = nn.Parameter(torch.ones(2, 3))
        self.optimizer = make([self.weight])
        self.hooked = HookedOptimizer(self.optimizer)
        self.hooked.enter({self.weight: KEPT}, **options)

    def step(self, gradient: float = 2.0) -> None:
        self.weight.grad = None
        (self.weight * gradient).sum().backward()
        self.hooked.before_step()
        self.optimizer.step()
        self.hooked.after_step()


def momentum(params: list[nn.Parameter]) -> optim.Optimizer:
    return optim.SGD(params, lr=0.25, momentum=0.5)


def where_kept(*values: float) -> list[list[float]]:
    """The four kept elements have these values, the others are 0."""
    a, b, c, d = values
    return [[a, 0, b], [0, c, d]]


def test_pruned_weights_gradients_and_histories_are_zero():
    """Gradient 2, momentum 1/2, rate 1/4: histories 2 and 3, weights 1 - 2/4 and that - 3/4."""
    training = Training(momentum)
    assert training.weight.tolist() == where_kept(1, 1, 1, 1)
    training.step()
    assert training.weight.tolist() == where_kept(*[0.5] * 4) and training.weight.grad.tolist() == where_kept(*[2] * 4)
    training.step()
    assert training.weight.tolist() == where_kept(*[-0.25] * 4)
    assert training.optimizer.state[training.weight]["momentum_buffer"].tolist() == where_kept(*[3] * 4)


def test_zeroing_after_the_step_lets_histories_grow():
    training = Training(momentum, constraint=Constraint.ZERO_AFTER_STEP)
    training.step()
    assert training.weight.tolist() == where_kept(*[0.5] * 4) and (training.weight.grad == 2).all()
    assert (training.optimizer.state[training.weight]["momentum_buffer"] == 2).all()


def test_masks_are_lifted_with_their_hooks():
    training = Training(momentum)
    training.hooked.leave()
    training.step()
    assert training.hooked.masks == {} and (training.weight.grad == 2).all()
    assert training.weight.tolist() == [[0.5, -0.5, 0.5], [-0.5, 0.5, 0.5]]


def test_histories_are_floating_tensors_of_the_weights_shape():
    training = Training(momentum)
    state = {"half": torch.ones(2, 3).half(), "codes": torch.ones(2, 3).byte(), "step": torch.tensor(3.0), "count": 4,
             "rows": torch.ones(2)}
    training.optimizer.state[training.weight].update(state)
    assert list(training.hooked.histories_of(training.weight)) == [state["half"]]
    assert list(training.hooked.histories_of(nn.Parameter(torch.ones(2, 3)))) == []


def test_histories_are_cleared_as_in_a_new_run():
    training = Training(momentum)
    training.step()
    training.hooked.clear_histories()
    assert not training.optimizer.state
    adagrad = Training(lambda params: optim.Adagrad(params, initial_accumulator_value=0.5))
    adagrad.step()
    adagrad.hooked.clear_histories()
    assert adagrad.optimizer.state[adagrad.weight]["step"] == 0
    assert (adagrad.optimizer.state[adagrad.weight]["sum"] == 0.5).all()
    ours = Training(lambda params: dsd.Adam(params, lr=0.25))
    ours.step()
    ours.hooked.clear_histories()
    assert all(not history.any() for history in ours.hooked.histories_of(ours.weight))


def test_values_under_the_masks_learn():
    """They are uncovered for the step, take the dense update, and are covered again."""
    weight = nn.Parameter(torch.ones(2, 3))
    optimizer = optim.SGD([weight], lr=0.25)
    hooked, under = HookedOptimizer(optimizer), torch.where(KEPT, 0.0, 5.0)
    hooked.enter({weight: KEPT}, Constraint.ZERO_AFTER_STEP, under={weight: under})
    (weight * 2).sum().backward()
    hooked.before_step()
    optimizer.step()
    hooked.after_step()
    assert weight.tolist() == where_kept(*[0.5] * 4) and torch.equal(under, torch.where(KEPT, 0.0, 4.5))


def sparse_run(model: nn.Module, **options: object) -> tuple[AttachedRun, optim.Optimizer]:
    optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    return attach(model, optimizer, [Sparse(5, sparsity=0.4, **options)]), optimizer


def test_accumulated_gradients_are_masked_each_time():
    model = Net()
    run, optimizer = sparse_run(model)
    kept = run.masks["fc1.weight"]
    for step in range(3):
        loss_of(model, step).backward()
        assert not model.fc1.weight.grad[~kept].any() and model.fc1.weight.grad[kept].all()
    assert run.iteration == 0
    optimizer.step()
    assert run.iteration == 1


def test_clip_scope_all_masks_gradients_in_the_step():
    training = Training(momentum, clip_scope=ClipScope.ALL)
    (training.weight * 2).sum().backward()
    assert (training.weight.grad == 2).all()
    training.hooked.before_step()
    assert training.weight.grad.tolist() == where_kept(2, 2, 2, 2)


@pytest.mark.parametrize("change", [
    lambda weight: weight.grad.add_(1), lambda weight: setattr(weight, "grad", torch.full((2, 3), 3.0))])
def test_gradients_changed_after_backward_are_masked_in_the_step(change):
    training = Training(momentum)
    (training.weight * 2).sum().backward()
    change(training.weight)
    assert training.weight.grad[PRUNED].any()
    training.hooked.before_step()
    assert training.weight.grad.tolist() == where_kept(3, 3, 3, 3)


def test_closures_compute_gradients_at_the_masked_weights():
    model, plain = Net(), Net()
    run, optimizer = sparse_run(model)
    other_run, other = sparse_run(plain)
    for step in range(3):
        closure = closure_of(model, optimizer, step)
        loss = optimizer.step(closure)
        assert isinstance(loss, Tensor) and torch.equal(loss, loss_of(plain, step))
        train(plain, other, range(step, step + 1))
        assert all(torch.equal(p, q) for p, q in zip(model.parameters(), plain.parameters()))
    assert run.iteration == other_run.iteration == 3
    optimizer.step(closure=closure)
    assert run.iteration == 4
