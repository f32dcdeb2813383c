"""Every policy of the schema has its class; another policy is a class and a name."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import torch

from dsd.engine.enforce import MaskKeeper
from dsd.engine.phase import Phase
from dsd.masks.mask import NamedWeight, WeightMask
from dsd.masks.policies import base
from dsd.masks.policies.base import MaskPolicy
from dsd.masks.policies.registry import policies
from dsd.plan.phases import plan_phases
from dsd.solver.rules import SGD
from netdef.definition.read import read_solver_text
from netdef.layers.core.channels import ChannelLayout
from netdef.schema import messages


@dataclass(frozen=True)
class Shift(MaskPolicy):
    """Keeps the first weights by index, and from iteration ``moment`` on the last ones."""

    moment: int = 2

    message_fields = ("mask_end",)

    @classmethod
    def read(cls, message, complain):
        if message.mask_end == 0:
            complain("`mask_end` is 0; Shift wants more", "mask_end")
        return cls(message.mask_end)

    def first_mask(self, weight, sparsity, seed):
        count = self.kept_count(weight, sparsity, 0)
        return WeightMask((torch.arange(weight.tensor.numel()) < count).view(weight.tensor.shape))

    def changes_at(self, iteration):
        return iteration == self.moment

    def changed_mask(self, weight, mask, sparsity, iteration, seed):
        return mask.kept.flatten().flip(0).view(mask.kept.shape)

    def kept_count(self, weight, sparsity, iteration):
        return int(weight.tensor.numel() * (1 - sparsity))


def test_the_schema_and_the_registry_agree():
    assert list(policies()) == list(messages.DsdPhase.MaskPolicy.keys())
    for name, policy in policies().items():
        assert policy.name == name
        assert set(policy.message_fields) <= set(messages.DsdPhase.DESCRIPTOR.fields_by_name)
        assert policy() == policy()  # every number has a default


def test_a_policy_of_ones_own_works_in_the_engine():
    parameter = torch.nn.Parameter(torch.arange(3.0, 13).view(2, 5))
    weight = NamedWeight("w", "fc", "fc", parameter, ChannelLayout().by_channel)
    solver = SGD([parameter], 0.5)
    keeper = MaskKeeper([weight], solver, [Phase("sparse", 0, 4, 0.6, policy=Shift(3))])
    keeper.begin(0, 0, 7, after_another=False)
    kept = []
    for iteration in range(4):
        keeper.change(keeper.phases[0], iteration, 7)
        parameter.grad = torch.ones_like(parameter)
        solver.step()
        kept.append((parameter != 0).flatten().nonzero().flatten().tolist())
    assert kept == [[0, 1, 2, 3]] * 3 + [[6, 7, 8, 9]]
    assert parameter.flatten()[6:].tolist() == [-0.5] * 4  # pruned on entry, so that they began from 0 again


def test_a_policy_of_ones_own_is_read_from_the_text(monkeypatch):
    """Under a name of the schema, which a policy's file would add a line to."""
    monkeypatch.setitem(base._registry, "RANDOM", Shift)
    monkeypatch.setattr(Shift, "name", "RANDOM", raising=False)
    text = 'base_lr: 0.1 lr_policy: "fixed" dsd_phase { max_iter: 9 sparsity: 0.5 mask_policy: RANDOM mask_end: 4 }'
    (phase,) = plan_phases(read_solver_text(text))
    assert phase.policy == Shift(4)
    with pytest.raises(Exception, match="`mask_end` is 0; Shift wants more"):
        plan_phases(read_solver_text(text.replace("mask_end: 4", "mask_end: 0")))
