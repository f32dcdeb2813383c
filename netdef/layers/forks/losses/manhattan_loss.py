"""ManhattanLoss: the sum of absolute differences. Of qxcv's fork."""

from __future__ import annotations

from torch import Tensor

from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register


@register("ManhattanLoss")
class ManhattanLoss(PairLoss):
    """The sum of ``|a - b|``, over the size of the first axis."""

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return (a - b.reshape(a.shape)).abs().sum() / len(a)
