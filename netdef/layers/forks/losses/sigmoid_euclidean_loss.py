"""SigmoidEuclideanLoss: a squared distance with the gradient of a sigmoid. Of DeepSkeleton's fork (zeakey)."""

from __future__ import annotations

import torch
from torch import Tensor

from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register

_ABOVE_ZERO = 0.001


@register("SigmoidEuclideanLoss")
class SigmoidEuclideanLoss(PairLoss):
    """``sum(w (x - t)^2) / N``, where targets t from 0.001 on and those below weigh as many, and the gradient is of the sigmoid.

    w of a target from 0.001 on is the share of those below in its item and those before, and the other way round. The
    gradient is ``w (sigmoid(x) - t) / N`` with the shares in the item alone, as in the fork.
    """

    def forward(self, x: Tensor, targets: Tensor) -> Tensor:
        t = targets.detach().flatten(1).to(x.dtype)
        flat = x.flatten(1)
        high = t >= _ABOVE_ZERO
        count = high.sum(1, keepdim=True).to(x.dtype)
        items = torch.arange(1, len(t) + 1, device=x.device)[:, None]
        losses = (flat.detach() - t).square() * _shares(high, count.cumsum(0), items * t.shape[1])
        slopes = (flat.detach().sigmoid() - t) * _shares(high, count, t.shape[1])
        return with_gradient(losses.sum() / len(t), flat, slopes / len(t))


def _shares(high: Tensor, count: Tensor, total: Tensor | int) -> Tensor:
    """For each high target the share of the others among ``total``, ``count`` of them high; for each other that of these."""
    return torch.where(high, total - count, count) / total
