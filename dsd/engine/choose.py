"""Choose masks: how much of each weight a phase prunes, and which elements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor

from dsd.engine.phase import Phase, Scope
from dsd.masks.mask import MaskError, NamedWeight, WeightMask, kept_count
from dsd.masks.policies.fixed import global_masks
from dsd.seeds import seed_of


class Pruner:
    """Choose the masks of phases from the current weights, without changing these.

    ``weights`` are all that can be pruned, by key.
    """

    def __init__(self, weights: Iterable[NamedWeight]):
        self.weights = {weight.key: weight for weight in weights}

    def sparsities(self, phase: Phase) -> dict[str, float]:
        """{key: sparsity} of the weights that a phase prunes."""
        found = {}
        for key, weight in self.weights.items():
            sparsity = phase.sparsity_of(weight.layer, weight.sparsity, weight.usual)
            if sparsity is not None:
                found[key] = sparsity
        return found

    @torch.no_grad()
    def first_masks(self, phase: Phase, in_force: Mapping[str, Tensor], seed: int) -> dict[str, WeightMask]:
        """Make the masks with which a phase begins, by its policy.

        ``in_force`` are the masks until now, which stay if the phase ``keeps_masks``. Scope GLOBAL puts one threshold
        over all weights that have no sparsity of their own. Raises `MaskError` for weights that cannot be ranked.
        """
        found = {}
        if phase.keeps_masks:
            found = {key: WeightMask(kept) for key, kept in in_force.items()}
        elif phase.scope is Scope.GLOBAL:
            together, _ = self.ranked_together(phase)
            with _naming(phase):
                masks = global_masks({key: self.weights[key].tensor for key in together}, phase.sparsity or 0.0)
            found = {key: WeightMask(kept) for key, kept in masks.items()}
        for key, sparsity in self.sparsities(phase).items():
            if key not in found:
                with _naming(phase, self.weights[key]):
                    found[key] = phase.policy.first_mask(
                        self.weights[key], sparsity, seed_of(seed, "mask", phase.start, key))
        return {key: found[key] for key in self.weights if key in found}

    @torch.no_grad()
    def changed_masks(
        self, phase: Phase, iteration: int, masks: Mapping[str, WeightMask], seed: int
    ) -> dict[str, Tensor]:
        """Make the masks that change before an iteration (of the run): {key: kept}."""
        since = iteration - phase.start
        if not phase.policy.changes_at(since):
            return {}
        found = {}
        for key, sparsity in self.sparsities(phase).items():
            with _naming(phase, self.weights[key]):
                kept = phase.policy.changed_mask(
                    self.weights[key], masks[key], sparsity, since, seed_of(seed, "surgery", iteration, key))
            if kept is not None:
                found[key] = kept
        return found

    def counts(self, phase: Phase, iteration: int) -> dict[str, int | None]:
        """{key: number of weights kept} in an iteration of the run; None if it depends on their values."""
        found: dict[str, int | None] = {}
        for key, sparsity in self.sparsities(phase).items():
            weight = self.weights[key]
            together = phase.ranks_together(weight.layer, weight.sparsity)
            found[key] = None if together else phase.policy.kept_count(weight, sparsity, iteration - phase.start)
        return found

    def emptied(self, phase: Phase) -> list[str]:
        """The keys of the weights that a phase prunes completely, as far as counts are known before training."""
        together, kept = self.ranked_together(phase)
        counts = self.counts(phase, phase.end - 1)
        return [key for key, count in counts.items() if count == 0 or (kept == 0 and key in together)]

    def ranked_together(self, phase: Phase) -> tuple[list[str], int]:
        """The keys of the weights that share one threshold (scope GLOBAL), and how many of their elements are kept."""
        keys = [
            key for key in self.sparsities(phase)
            if phase.ranks_together(self.weights[key].layer, self.weights[key].sparsity)
        ]
        if not keys:
            return [], 0
        return keys, kept_count(sum(self.weights[key].tensor.numel() for key in keys), phase.sparsity or 0.0)


@contextmanager
def _naming(phase: Phase, weight: NamedWeight | None = None) -> Iterator[None]:
    """Add phase and layer to a `MaskError`."""
    try:
        yield
    except MaskError as error:
        layer = f", layer `{weight.layer}`" if weight else ""
        raise MaskError(f"phase `{phase.name}`{layer}: {error}; training has diverged") from None
