"""DYNAMIC: prune and splice by a threshold (Guo, Yao and Chen 2016, "Dynamic Network Surgery for Efficient DNNs").

Pruned weights keep learning under the mask and come back when they have grown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import Tensor

from dsd.masks.mask import NamedWeight, WeightMask, refuse_nan
from dsd.masks.policies.base import Complain, MaskPolicy, read_mask_end, register, states_sparsity
from dsd.masks.policies.fixed import magnitude_mask
from netdef.schema import messages

# Weights are pruned below 0.9 and spliced above 1.1 times one threshold; between these they stay as they are.
PRUNE, SPLICE = 0.9, 1.1


@register("DYNAMIC")
@dataclass(frozen=True)
class Dynamic(MaskPolicy):
    """The threshold is set on entry: by ``c_rate``, or so that it prunes the sparsity that the phase states.

    Until iteration ``end`` a mask is updated with probability ``(1 + gamma * iteration)^-power``.
    """

    end: int = 0
    c_rate: float | None = None
    gamma: float = 0.0001
    power: float = 1.0

    message_fields = ("mask_end", "c_rate", "splice_gamma", "splice_power")
    learns_under_mask = True
    remembers_threshold = True

    @classmethod
    def read(cls, message: messages.DsdPhase, complain: Complain) -> Dynamic:
        by_rate = message.HasField("c_rate")
        if by_rate and states_sparsity(message):
            complain("`c_rate` and `sparsity` both say how much DYNAMIC prunes; give one of them", "c_rate")
        if not (by_rate or states_sparsity(message)):
            complain("`mask_policy: DYNAMIC` needs a `sparsity` or a `c_rate`", "mask_policy")
        if by_rate and not math.isfinite(message.c_rate):
            complain(f"`c_rate` is {message.c_rate:g}; it must be finite", "c_rate")
        if message.HasField("constraint") and message.constraint != messages.DsdPhase.ZERO_AFTER_STEP:
            stated = messages.DsdPhase.Constraint.Name(message.constraint)
            complain("under `mask_policy: DYNAMIC` pruned weights get updates, which are kept apart from the net; "
                     f"`constraint: {stated}` would stop them: leave it out", "constraint")
        for field, value in (("splice_gamma", message.splice_gamma), ("splice_power", message.splice_power)):
            if not 0 <= value < math.inf:
                complain(f"`{field}` is {value:g}; it must be at least 0", field)
        return cls(
            read_mask_end(message, complain), message.c_rate if by_rate else None, message.splice_gamma,
            message.splice_power)

    def share(self, stated: float | None) -> float | None:
        """The sparsity of a layer; 0 with ``c_rate``, where the values of the weights decide."""
        return stated if self.c_rate is None else 0.0

    def first_mask(self, weight: NamedWeight, sparsity: float, seed: int) -> WeightMask:
        if self.c_rate is not None:
            threshold = surgery_threshold(weight.tensor, self.c_rate)
            return WeightMask(weight.tensor.abs() > threshold, threshold=threshold)
        kept = magnitude_mask(weight.tensor, sparsity)
        pruned = weight.tensor[~kept].abs()
        return WeightMask(kept, threshold=float(pruned.max()) if pruned.numel() else 0.0)

    def changes_at(self, iteration: int) -> bool:
        return 0 < iteration < self.end

    def changed_mask(
        self, weight: NamedWeight, mask: WeightMask, sparsity: float, iteration: int, seed: int
    ) -> Tensor | None:
        if seed / 2**63 >= surgery_chance(iteration, self.gamma, self.power):
            return None
        assert mask.under is not None and mask.threshold is not None  # the engine keeps them for this policy
        return surgery_mask(weight.tensor + mask.under, mask.kept, mask.threshold)

    def kept_count(self, weight: NamedWeight, sparsity: float, iteration: int) -> None:
        return None


def surgery_threshold(weight: Tensor, c_rate: float) -> float:
    """The magnitude below which weights are pruned: ``0.9 * (mean + c_rate * standard deviation)`` of the magnitudes.

    As in the authors' code, weights that are 0 do not count. Raises `MaskError` for NaN.
    """
    refuse_nan(weight)
    magnitudes = weight.detach().abs().double()
    magnitudes = magnitudes[magnitudes != 0]
    if not magnitudes.numel():
        return 0.0
    return max(float(PRUNE * (magnitudes.mean() + c_rate * magnitudes.std(correction=0))), 0.0)


def surgery_mask(dense: Tensor, kept: Tensor, threshold: float) -> Tensor:
    """Prune weights that are not above ``threshold`` and splice (bring back) those above 11/9 of it; others stay.

    ``dense`` has the values that pruned weights have learned under the mask.
    """
    magnitudes = dense.detach().abs()
    return (kept & (magnitudes > threshold)) | (magnitudes > threshold * (SPLICE / PRUNE))


def surgery_chance(iteration: int, gamma: float, power: float) -> float:
    """Probability that a mask is updated in an iteration of the phase. It falls, so that training settles."""
    return (1 + gamma * iteration) ** -power
