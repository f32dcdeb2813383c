"""Set the values of pruned weights when the next phase begins."""

from __future__ import annotations

import torch

from dsd.engine.phase import Regrow
from dsd.masks.mask import MaskError, NamedWeight, WeightMask
from dsd.seeds import seed_of


@torch.no_grad()
def regrow(weight: NamedWeight, mask: WeightMask, rule: Regrow, seed: int) -> None:
    """Set the pruned elements of a weight, which are 0, by ``rule``, in place.

    ``FILLER`` draws by ``seed`` and the mask's name. Raises `MaskError` for a weight without one.
    """
    tensor = weight.tensor
    if rule is Regrow.SAVED and mask.under is not None:
        tensor.copy_(torch.where(mask.kept, tensor, mask.under))
    elif rule is Regrow.FILLER:
        if weight.fill is None:
            raise MaskError(f"`regrow: FILLER`: `{weight.label}` has no filler")
        drawn = torch.empty(tensor.shape, dtype=tensor.dtype)
        torch.manual_seed(seed_of(seed, "regrow", weight.key))
        weight.fill(drawn)
        tensor.copy_(torch.where(mask.kept, tensor, drawn.to(tensor.device)))
