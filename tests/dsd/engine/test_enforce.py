"""Masks put into force on plain parameters, changed, regrown and lifted."""

from __future__ import annotations

import pytest
import torch

from dsd.engine.enforce import MaskKeeper
from dsd.engine.phase import Phase, Regrow
from dsd.masks.mask import NamedWeight
from dsd.masks.policies.dynamic import Dynamic
from dsd.masks.policies.gradual import Gradual
from dsd.solver.choices import Constraint, StateRule
from dsd.solver.rules import SGD
from netdef.layers.core.channels import ChannelLayout


class Training:
    """A weight of 12 elements and one of 6, trained without momentum by gradients of 1."""

    def __init__(self, *phases: Phase):
        self.a = torch.nn.Parameter(torch.arange(1.0, 13).view(3, 4))
        self.b = torch.nn.Parameter(-torch.arange(1.0, 7).view(2, 3))
        self.told: list[list[str]] = []
        self.solver = SGD([self.a, self.b], lr=0.125)
        weights = [
            NamedWeight(key, layer, layer, tensor, ChannelLayout().by_channel, usual=usual,
                        fill=lambda drawn: drawn.fill_(7))
            for key, layer, tensor, usual in (("a_mask", "fc", self.a, True), ("b_mask", "last", self.b, False))
        ]
        self.keeper = MaskKeeper(weights, self.solver, phases, changed=lambda masks: self.told.append(sorted(masks)))

    def run(self, iterations: int, gradient: float = 1.0) -> None:
        for _ in range(iterations):
            iteration = self.solver.iteration
            index = next(i for i, phase in enumerate(self.keeper.phases) if iteration < phase.end)
            if iteration == self.keeper.phases[index].start:
                self.keeper.begin(index, iteration, 5, after_another=index > 0)
            self.keeper.change(self.keeper.phases[index], iteration, 5)
            for p in (self.a, self.b):
                p.grad = torch.full_like(p, gradient)
            self.solver.step()


def test_only_usual_and_named_weights_are_pruned():
    training = Training(Phase("s", 0, 2, 0.5), Phase("named", 2, 2, layers=(("l*", 0.5),)), Phase("d", 4, 1))
    training.run(2)
    assert (training.a == 0).sum() == 6 and (training.b != 0).all()
    training.run(2)
    assert list(training.keeper.masks) == ["b_mask"] and (training.b == 0).sum() == 3
    training.run(1)
    assert training.keeper.masks == {} and (training.a != 0).all() and (training.b != 0).all()
    assert training.told == [["a_mask"], ["b_mask"], []]


def test_the_largest_are_kept_and_pruned_ones_are_plus_zero():
    training = Training(Phase("s", 0, 3, 0.75))
    training.run(3)
    assert training.a.flatten().tolist() == [0.0] * 9 + [10 - 0.375, 11 - 0.375, 12 - 0.375]
    assert not torch.signbit(training.a).any()


@pytest.mark.parametrize(("rule", "pruned"), [
    (Regrow.ZERO, [0.0, 0.0, 0.0]), (Regrow.SAVED, [1.0, 2.0, 3.0]), (Regrow.FILLER, [7.0, 7.0, 7.0])])
def test_weights_regrow_by_each_rule(rule, pruned):
    training = Training(Phase("s", 0, 2, 0.25), Phase("d", 2, 1, regrow=rule))
    training.run(3, gradient=0.0)
    assert training.a.flatten().tolist() == [*pruned, *range(4, 13)]
    assert training.keeper.in_force == {}


def test_gradual_masks_prune_more_and_more():
    training = Training(Phase("s", 0, 5, 0.5, policy=Gradual(end=4, interval=2)))
    pruned = []
    for _ in range(5):
        training.run(1, gradient=0.0)
        pruned.append(int((training.a == 0).sum()))
    assert pruned == [0, 0, 5, 5, 6]  # 12 * 0.5 * (1 - (1 - 2/4)^3) = 5.25 after two iterations


def test_weights_that_learn_under_the_mask_come_back():
    phase = Phase("s", 0, 9, 0.25, constraint=Constraint.ZERO_AFTER_STEP, policy=Dynamic(end=8, gamma=0.0))
    training = Training(phase)
    training.run(8, gradient=-4.0)  # every weight grows by half a unit; the threshold is 3
    kept = training.keeper.masks["a_mask"]
    assert kept.all()  # 1 + 3.5 is above 11/9 of it
    assert training.a.flatten().tolist() == [value + 4 for value in range(1, 13)]
    assert (training.keeper.in_force["a_mask"].under == 0).all()


def test_histories_of_pruned_weights_follow_the_state_rule():
    training = Training(Phase("d", 0, 1), Phase("s", 1, 1, 0.5, solver_state=StateRule.CARRY), Phase("d", 2, 1))
    training.run(2)
    (history,) = training.keeper.optimizer.histories_of(training.a)
    assert (history[~training.keeper.masks["a_mask"]] == 0).all() and (history != 0).sum() == 6
    training.run(1, gradient=0.0)
    assert (history == 0).all()


def test_masks_of_the_weight_file_stay_in_plain_training():
    training = Training(Phase("plain", 0, 2, keeps_masks=True))
    kept = torch.arange(12).view(3, 4) % 2 == 0
    training.keeper.adopt({"a_mask": kept})
    training.run(2)
    assert training.keeper.masks["a_mask"].equal(kept) and (training.a == 0).equal(~kept)


def test_restored_masks_are_in_force():
    one, other = (Training(Phase("s", 0, 4, 0.5)) for _ in range(2))
    one.run(2)
    other.a.data.copy_(one.a)
    other.b.data.copy_(one.b)
    other.solver.iteration = 2
    other.keeper.restore(other.keeper.phases[0], one.keeper.in_force)
    for training in (one, other):
        training.run(2)
    assert one.a.equal(other.a) and (one.a == 0).sum() == 6
