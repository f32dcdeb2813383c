"""The masks of a run while it goes on: set as a phase begins, changed within it, lifted at its end.

`dsd.engine.choose` decides what is pruned; here that is put into force in the net and in the solver, the same on every rank.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from dsd.distributed import World
from dsd.engine.choose import Pruner
from dsd.engine.regrow import regrow
from dsd.plan.phases import DsdPhase
from dsd.seeds import seed_of
from dsd.solver.choices import ClipScope, Constraint, StateRule
from dsd.solver.solver import Solver
from netdef.graph.net import Net


class MaskKeeper:
    """Attributes:

    pruner: who makes the masks.
    under: {Mask layer: what lies under it}: values that pruned weights learn on, or that the next phase starts from. Only
        where the phase's policy or the next phase's ``regrow`` asks for it; 0 where weights are kept.
    """

    def __init__(self, net: Net, solver: Solver, phases: Sequence[DsdPhase], pruner: Pruner, world: World):
        self.net, self.solver, self.phases, self.pruner, self.world = net, solver, phases, pruner, world
        self.under: dict[str, Tensor] = {}
        for mask in net.masks.values():
            mask.folded = True  # the solver holds pruned weights at +0.0 and masks their gradients

    @property
    def masks(self) -> dict[str, Tensor]:
        """{Mask layer: kept} in force; layers that keep everything are not listed."""
        return {key: mask.kept for key, mask in self.net.masks.items() if mask.kept is not None}

    def begin(self, index: int, iteration: int, seed: int, *, after_another: bool) -> None:
        """Begin a phase: regrow what the phase before pruned (``after_another``), choose masks, put them into force."""
        phase = self.phases[index]
        for key, kept in self.masks.items() if after_another else ():
            regrow(self.net, key, self.pruner.weight(key), kept, self.under.get(key), phase.regrow,
                   seed_of(seed, iteration))
        masks = self.world.same(self.pruner.masks(phase, seed))
        buried = masks if self.keeps_under(index) else ()
        self.under = {key: torch.zeros_like(self.pruner.weight(key), requires_grad=False) for key in buried}
        self._bury(masks)
        self._put(masks)
        self.solver.iteration = iteration
        self.solver.begin_phase(*self._terms(phase), StateRule[phase.solver_state], self._learning_under(phase))

    def change(self, phase: DsdPhase, iteration: int, seed: int) -> None:
        """Before an iteration: let a policy that changes its masks within the phase do so."""
        if not phase.policy.looks_at(iteration - phase.start):
            return
        masks = self.masks
        changed = self.pruner.changes(phase, iteration, masks, self.under, seed)
        if changed:
            changed = self.world.same(changed)
            self._bury(changed)
            self._put(masks | changed)
            self.solver.enter(*self._terms(phase), self._learning_under(phase))

    def restore(
        self, phase: DsdPhase, masks: dict[str, Tensor], under: dict[str, Tensor], thresholds: dict[str, float]
    ) -> None:
        """Put the masks of a snapshot into force; weights and histories are in place."""
        self.under, self.pruner.thresholds = under, thresholds
        self._put(masks)
        self.solver.enter(*self._terms(phase), self._learning_under(phase))

    def keeps_under(self, index: int) -> bool:
        """Whether what a phase prunes is kept under its masks: to learn on, or for the next phase to start from."""
        saved = index + 1 < len(self.phases) and self.phases[index + 1].regrow == "SAVED"
        return saved or self.phases[index].policy.learns_under_mask

    @torch.no_grad()
    def _bury(self, masks: dict[str, Tensor]) -> None:
        """Bring up what lies under the old masks, and put under the new ones what they prune; the solver zeroes it."""
        for key, kept in masks.items():
            if key in self.under:
                weight, under = self.pruner.weight(key), self.under[key]
                under.copy_(weight.add_(under)).masked_fill_(kept, 0)

    def _put(self, masks: dict[str, Tensor]) -> None:
        for key, mask in self.net.masks.items():
            mask.set(masks.get(key))

    def _terms(self, phase: DsdPhase) -> tuple[dict[Tensor, Tensor], Constraint, ClipScope]:
        """What the solver is told: masks by parameter, how to hold them, what clipping counts."""
        by_parameter = {self.pruner.weight(key): kept for key, kept in self.masks.items()}
        return by_parameter, Constraint[phase.constraint], ClipScope[phase.clip_scope]

    def _learning_under(self, phase: DsdPhase) -> dict[Tensor, Tensor]:
        """What the phase lets learn under the masks, by parameter: nothing, except under DYNAMIC."""
        if not phase.policy.learns_under_mask:
            return {}
        return {self.pruner.weight(key): tensor for key, tensor in self.under.items()}
