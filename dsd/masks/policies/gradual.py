"""GRADUAL: prune the smallest weights, step by step (Zhu and Gupta 2017, "To prune, or not to prune")."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from torch import Tensor

from dsd.masks.mask import NamedWeight, WeightMask, kept_count
from dsd.masks.policies.base import Complain, MaskPolicy, read_mask_end, register, require_sparsity
from dsd.masks.policies.fixed import magnitude_mask
from netdef.schema import messages


@register("GRADUAL")
@dataclass(frozen=True)
class Gradual(MaskPolicy):
    """The sparsity rises along a cubic until iteration ``end``; the mask follows every ``interval`` iterations."""

    end: int = 0
    interval: int = 100

    message_fields = ("mask_end", "update_interval")

    @classmethod
    def read(cls, message: messages.DsdPhase, complain: Complain) -> Gradual:
        require_sparsity(cls.name, message, complain)
        if message.update_interval < 1:
            complain(f"`update_interval` is {message.update_interval}; it must be at least 1", "update_interval")
        return cls(read_mask_end(message, complain), message.update_interval)

    def first_mask(self, weight: NamedWeight, sparsity: float, seed: int) -> WeightMask:
        return WeightMask(magnitude_mask(weight.tensor, ramp(sparsity, 0, self.end)))

    def changes_at(self, iteration: int) -> bool:
        return 0 < iteration <= self.end and (iteration % self.interval == 0 or iteration == self.end)

    def changed_mask(
        self, weight: NamedWeight, mask: WeightMask, sparsity: float, iteration: int, seed: int
    ) -> Tensor:
        return gradual_mask(weight.tensor, mask.kept, ramp(sparsity, iteration, self.end))

    def kept_count(self, weight: NamedWeight, sparsity: float, iteration: int) -> int:
        return kept_count(weight.tensor.numel(), ramp(sparsity, self.last_change(iteration), self.end))

    def last_change(self, iteration: int) -> int:
        """The latest iteration up to this one at which the mask changed."""
        return self.end if iteration >= self.end else iteration // self.interval * self.interval


def ramp(sparsity: float, iteration: int, end: int) -> float:
    """The sparsity at an iteration of the phase: ``sparsity * (1 - (1 - iteration / end)^3)``.

    Equation 1 of Zhu and Gupta, starting at 0 in the phase's first iteration: fast at first, slow towards the end. From
    ``end`` on it is exactly ``sparsity``.
    """
    return sparsity if iteration >= end else sparsity * (1 - (1 - iteration / end) ** 3)


def gradual_mask(weight: Tensor, kept: Tensor, sparsity: float) -> Tensor:
    """Keep the `kept_count` largest of the weights kept so far; pruned weights stay pruned.

    A sparsity below that of ``kept`` prunes nothing. Raises `MaskError` for NaN among kept weights.
    """
    flat = kept.reshape(-1)
    survivors = weight.reshape(-1)[flat]
    count = min(kept_count(weight.numel(), sparsity), survivors.numel())
    found = flat.clone()
    if survivors.numel():
        found[flat] = magnitude_mask(survivors, 1 - Fraction(count, survivors.numel()))
    return found.view(weight.shape)
