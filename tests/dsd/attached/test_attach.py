"""What `attach` takes: wrapped models and optimisers, lengths in epochs, processes, a state to go on from."""

from __future__ import annotations

import pytest
import torch
from plain_loop import PRUNED, Net, train
from torch import nn, optim

from dsd.attached.attach import attach
from dsd.attached.phases import AttachError, Dense, Sparse
from dsd.attached.run import AttachObserver
from dsd.distributed import ALONE, World


def sgd(model: nn.Module) -> optim.SGD:
    return optim.SGD(model.parameters(), lr=0.1, momentum=0.9)


def test_an_optimiser_has_one_run():
    model = Net()
    optimizer = sgd(model)
    run = attach(model, optimizer, [Sparse(5, sparsity=0.4)])
    with pytest.raises(AttachError, match="has an attached run already; call its `detach"):
        attach(model, optimizer, [Sparse(5, sparsity=0.4)])
    run.detach()
    assert attach(model, optimizer, [Dense(3)]).max_iter == 3


def test_wrapped_optimizers_and_models():
    class Wrapper(optim.Optimizer):
        def __init__(self, inner):
            self.optimizer = inner

        def step(self, closure=None):
            return self.optimizer.step(closure)

    model = Net()
    inner = sgd(model)
    run = attach(nn.DataParallel(model), Wrapper(Wrapper(inner)), [Sparse(3, sparsity=0.4)])
    assert run.optimizer is inner and run.model is model and sorted(run.masks) == list(PRUNED)


def test_lengths_in_epochs():
    run = attach(model := Net(), sgd(model), [Dense(1.5), Sparse(2, sparsity=0.4, mask_policy="GRADUAL", mask_end=1)],
                 steps_per_epoch=10)
    assert [(p.start, p.length) for p in run.phases] == [(0, 15), (15, 20)]
    assert run.phases[1].policy.end == 10


def test_a_phase_begins_at_once_and_observers_are_told():
    told = []

    class Names(AttachObserver):
        def attached(self, run):
            told.append("attached")

        def phase_began(self, run):
            told.append(run.phase.name)

    model = Net()
    run = attach(model, sgd(model), [Sparse(3, sparsity=0.4), Dense(2)], observers=[Names()])
    assert told == ["attached", "sparse"] and run.world is ALONE
    assert (model.fc1.weight == 0).sum() == 126  # 0.4 of 315


def test_random_masks_depend_on_the_seed():
    def masks(seed: int) -> torch.Tensor:
        model = Net()
        return attach(model, sgd(model), [Sparse(3, sparsity=0.4, mask_policy="RANDOM")], seed=seed).masks["fc1.weight"]

    assert torch.equal(masks(4), masks(4)) and not torch.equal(masks(4), masks(5))


def test_observers_of_other_ranks_are_not_called():
    told = []

    class Told(AttachObserver):
        def attached(self, run):
            told.append(run.world.rank)

    class EveryRank(Told):
        on_every_rank = True

    model = Net()
    run = attach(model, sgd(model), [Dense(3)], world=World(rank=1), observers=[Told(), EveryRank()])
    assert told == [1] and run.max_iter == 3


def test_a_state_is_gone_on_from():
    model = Net()
    optimizer = sgd(model)
    phases = [Dense(2), Sparse(3, sparsity=0.4)]
    run = attach(model, optimizer, phases)
    train(model, optimizer, range(3))
    state, kept = run.state_dict(), run.masks
    run.detach()
    again = attach(model, optimizer, phases, state=state)
    assert again.iteration == 3 and again.phase.name == "sparse"
    assert all(torch.equal(again.masks[name], kept[name]) for name in PRUNED)


def test_arguments_of_other_types_are_refused():
    model = Net()
    with pytest.raises(TypeError, match="`attach` takes a torch.nn.Module, not a str"):
        attach("model", sgd(model), [Dense(2)])
    with pytest.raises(TypeError, match="`attach` takes a torch.optim.Optimizer, not a Net"):
        attach(model, model, [Dense(2)])
    for observers in (AttachObserver(), [AttachObserver]):
        with pytest.raises(TypeError, match=r"`observers` is a list of dsd.AttachObserver objects, such as \[dsd.Recorder\(path"):
            attach(model, sgd(model), [Dense(2)], observers=observers)


def test_the_optimiser_of_another_model_is_refused():
    with pytest.raises(AttachError, match="the optimiser has no parameter of this model: make it of `model.parameters"):
        attach(Net(), sgd(Net()), [Dense(2)])


@pytest.mark.parametrize(("length", "steps", "said"), [
    (2.5, None, "a length of 2.5 steps; it must be whole, or in epochs with `steps_per_epoch`"),
    (2, 0, "`steps_per_epoch` is 0; it must be at least 1"),
])
def test_lengths_that_are_no_steps_are_refused(length, steps, said):
    model = Net()
    with pytest.raises(AttachError, match=said):
        attach(model, sgd(model), [Dense(length)], steps_per_epoch=steps)


def test_a_phase_that_prunes_nothing_is_told_when_it_begins():
    model = Net()
    strange = optim.SGD([parameter for parameter in model.parameters() if parameter.ndim == 1], lr=0.1)
    with pytest.warns(UserWarning, match="phase `sparse` prunes nothing: the optimiser has no weights that it prunes"):
        run = attach(model, strange, [Sparse(2, sparsity=0.5)])
    assert run.sparsity() == 0


def test_a_state_of_something_else_is_refused():
    model = Net()
    with pytest.raises(AttachError, match="the state lacks `phase`: it is not what an attached run's `state_dict` returns"):
        attach(model, sgd(model), [Dense(2)], state={"iteration": 1})
