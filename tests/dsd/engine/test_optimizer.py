"""Any optimiser with the methods of `MaskedOptimizer` can be masked: here torch's own SGD."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

from dsd.engine.audit import audit_masks
from dsd.engine.enforce import MaskKeeper
from dsd.engine.optimizer import MaskedOptimizer
from dsd.engine.phase import Phase
from dsd.masks.mask import NamedWeight
from dsd.solver.choices import ClipScope, Constraint, StateRule
from netdef.layers.core.channels import ChannelLayout


class MaskedSGD(torch.optim.SGD):
    """Zeroes pruned weights after each step, and their momentum when masks change."""

    masks: Mapping[Tensor, Tensor]

    def begin_phase(
        self, masks: Mapping[Tensor, Tensor], constraint: Constraint, clip_scope: ClipScope, state_rule: StateRule,
        under: Mapping[Tensor, Tensor],
    ) -> None:
        self.state.clear()
        self.enter(masks, constraint, clip_scope, under)

    def enter(
        self, masks: Mapping[Tensor, Tensor], constraint: Constraint, clip_scope: ClipScope, under: Mapping[Tensor, Tensor]
    ) -> None:
        self.masks = masks
        self.hold()

    def histories_of(self, parameter: Tensor) -> Iterable[Tensor]:
        return [value for value in self.state[parameter].values() if value is not None]

    @torch.no_grad()
    def hold(self) -> None:
        for parameter, kept in self.masks.items():
            for tensor in (parameter, *self.histories_of(parameter)):
                tensor.masked_fill_(~kept, 0)


def test_the_engine_trains_a_module_with_another_optimiser():
    torch.manual_seed(3)
    module = torch.nn.Sequential(torch.nn.Linear(5, 7), torch.nn.Tanh(), torch.nn.Linear(7, 3))
    optimizer = MaskedSGD(module.parameters(), lr=0.1, momentum=0.9)
    typed: MaskedOptimizer = optimizer
    weights = [
        NamedWeight(name, name.removesuffix(".weight"), name, parameter, ChannelLayout().by_channel)
        for name, parameter in module.named_parameters() if name.endswith(".weight")
    ]
    phases = [Phase("dense", 0, 3), Phase("sparse", 3, 4, 0.5, layers=(("2", 0.25),)), Phase("re-dense", 7, 2)]
    keeper = MaskKeeper(weights, typed, phases)
    for iteration in range(9):
        for index, phase in enumerate(phases):
            if iteration == phase.start:
                keeper.begin(index, iteration, 1, after_another=index > 0)
        optimizer.zero_grad()
        module(torch.randn(4, 5)).square().sum().backward()
        optimizer.step()
        optimizer.hold()
        if 3 <= iteration < 7:
            assert (module[0].weight == 0).sum() == 35 - 18 and (module[2].weight == 0).sum() == 5
    assert (module[0].weight != 0).all() and keeper.masks == {}


def test_another_optimiser_is_audited():
    parameter = torch.nn.Parameter(torch.arange(1.0, 11).view(2, 5))
    optimizer = MaskedSGD([parameter], lr=0.1, momentum=0.5)
    keeper = MaskKeeper(
        [NamedWeight("w", "ip", "ip", parameter, ChannelLayout().by_channel)], optimizer, [Phase("s", 0, 2, 0.3)])
    keeper.begin(0, 0, 1, after_another=False)
    parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    leaked = audit_masks(keeper, keeper.phases[0], 1)
    assert [text.split(" has ")[1][:16] for text in leaked.violations] == ["3 pruned weights", "histories of pru"]
    optimizer.hold()
    audit = audit_masks(keeper, keeper.phases[0], 1)
    assert audit.holds and (audit.layers[0].kept, audit.layers[0].wanted, audit.layers[0].largest_history) == (7, 7, 0)
