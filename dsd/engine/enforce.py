"""Put masks into force on weights and optimiser when a phase begins, change them within it, lift them at its end.

`dsd.engine.choose` decides what is pruned. Masks are the same on every rank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import torch
from torch import Tensor

from dsd.distributed import ALONE, World
from dsd.engine.choose import Pruner
from dsd.engine.optimizer import MaskedOptimizer
from dsd.engine.phase import Phase, Regrow
from dsd.engine.regrow import regrow
from dsd.masks.mask import MaskError, NamedWeight, WeightMask
from dsd.seeds import seed_of

Masks = Mapping[str, Tensor]
"""{key: kept}."""


class MaskKeeper:
    """Keep the masks of the phases in force.

    Attributes:
        weights: {key: `NamedWeight`} of all that can be pruned.
        pruner: chooses the masks.
        in_force: {key: `WeightMask`}. Weights without a mask are not listed. ``under`` is set only if the phase's policy
            or the next phase's ``regrow`` needs it.
    """

    def __init__(
        self,
        weights: Iterable[NamedWeight],
        optimizer: MaskedOptimizer,
        phases: Sequence[Phase],
        world: World = ALONE,
        changed: Callable[[Masks], object] = lambda masks: None,
    ):
        """``changed`` is called with `masks` whenever they change."""
        self.pruner = Pruner(weights)
        self.weights = self.pruner.weights
        self.optimizer, self.phases, self.world, self._changed = optimizer, phases, world, changed
        self.in_force: dict[str, WeightMask] = {}

    @property
    def masks(self) -> dict[str, Tensor]:
        """{key: kept} in force."""
        return {key: mask.kept for key, mask in self.in_force.items()}

    def adopt(self, masks: Masks) -> None:
        """Take over masks that came with the weights, before the first phase; the optimiser does not know them yet."""
        self.in_force = {key: WeightMask(kept) for key, kept in masks.items()}

    def begin(self, index: int, iteration: int, seed: int, *, after_another: bool) -> None:
        """Begin a phase: regrow what the phase before pruned (if ``after_another``), choose masks, put them into force.

        Raises `MaskError` for weights that cannot be ranked, and for masks that keep nothing at all.
        """
        phase = self.phases[index]
        if after_another:
            for key, mask in self.in_force.items():
                regrow(self.weights[key], mask, phase.regrow, seed_of(seed, iteration))
        self.in_force = self.pruner.first_masks(phase, self.masks, seed)
        self.world.same(self.masks)
        self._refuse_all_pruned(phase)
        if self.keeps_under(index):
            for key, mask in self.in_force.items():
                mask.under = torch.zeros_like(self.weights[key].tensor, requires_grad=False)
            self._save_pruned(self.in_force)
        self._changed(self.masks)
        self._zero_frozen()
        self.optimizer.begin_phase(
            self._by_parameter(), phase.constraint, phase.clip_scope, phase.solver_state, self._learning_under(phase))

    def change(self, phase: Phase, iteration: int, seed: int) -> bool:
        """Change masks before an iteration, if the phase's policy does so. Returns whether any was changed."""
        changed = self.pruner.changed_masks(phase, iteration, self.in_force, seed)
        if changed:
            for key, kept in self.world.same(changed).items():
                self.in_force[key].kept = kept
            self._refuse_all_pruned(phase)
            self._save_pruned(changed)
            self._enter(phase)
        return bool(changed)

    def restore(self, phase: Phase, masks: dict[str, WeightMask]) -> None:
        """Put the masks of a snapshot into force; weights and histories are in place."""
        self.in_force = masks
        self._enter(phase)

    def keeps_under(self, index: int) -> bool:
        """Whether pruned values are kept: to keep learning, or for the next phase to regrow from."""
        saved = index + 1 < len(self.phases) and self.phases[index + 1].regrow is Regrow.SAVED
        return saved or self.phases[index].policy.learns_under_mask

    def _refuse_all_pruned(self, phase: Phase) -> None:
        if self.in_force and not any(bool(kept.any()) for kept in self.masks.values()):
            total = sum(kept.numel() for kept in self.masks.values())
            raise MaskError(f"phase `{phase.name}`: the masks keep none of the {total:,} weights that they cover; "
                            "make its sparsity smaller")

    def _enter(self, phase: Phase) -> None:
        self._changed(self.masks)
        self._zero_frozen()
        self.optimizer.enter(self._by_parameter(), phase.constraint, phase.clip_scope, self._learning_under(phase))

    @torch.no_grad()
    def _save_pruned(self, keys: Iterable[str]) -> None:
        """Restore the values under the old masks of these weights, then save those that the new masks prune.

        The optimiser zeroes them in the weight.
        """
        for key in keys:
            mask, weight = self.in_force[key], self.weights[key].tensor
            if mask.under is not None:
                mask.under.copy_(weight.add_(mask.under)).masked_fill_(mask.kept, 0)

    @torch.no_grad()
    def _zero_frozen(self) -> None:
        """Zero what is pruned of weights that the optimiser does not have: nothing will move them."""
        for key, mask in self.in_force.items():
            if not self.weights[key].trained:
                self.weights[key].tensor.masked_fill_(~mask.kept, 0)

    def _by_parameter(self) -> dict[Tensor, Tensor]:
        return {
            self.weights[key].tensor: mask.kept for key, mask in self.in_force.items() if self.weights[key].trained}

    def _learning_under(self, phase: Phase) -> dict[Tensor, Tensor]:
        """{parameter: values under its mask} if the phase's policy lets them learn, else empty."""
        if not phase.policy.learns_under_mask:
            return {}
        return {
            self.weights[key].tensor: mask.under for key, mask in self.in_force.items()
            if mask.under is not None and self.weights[key].trained}
