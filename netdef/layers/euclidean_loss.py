"""EuclideanLoss: half the squared distance. L1Loss, from NVIDIA's fork: the sum of absolute differences."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register


@register("EuclideanLoss")
class EuclideanLoss(PairLoss):
    """``sum((a - b)^2) / (2 N)``, N the size of the first axis."""

    @classmethod
    def allows_force_backward(cls, bottom: int) -> bool:
        return True

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return F.mse_loss(a, b.reshape(a.shape), reduction="sum") / (2 * len(a))


@register("L1Loss")
class L1Loss(PairLoss):
    """``sum(|a - b|) / N``, N the size of the first axis. From NVIDIA's fork, for DetectNet."""

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return F.l1_loss(a, b.reshape(a.shape), reduction="sum") / len(a)
