"""SigmoidEuclideanLoss, of DeepSkeleton's fork (zeakey), and EuclideanLossWithIndex, of ducha-aiki's."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_same_count, refuse_shapes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.labels import check_classes
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

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


@register("EuclideanLossWithIndex")
class EuclideanLossWithIndex(Layer):
    """``sum((t - x[index])^2) / (2 N)``: of each row of x, bottom 2, one number counts. The first bottom is N indices, then N t.

    As the fork finds it at the place N times the row's number, plus the index, rows must have N numbers.
    """

    n_bottoms = exactly(3)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_count(spec, shapes[:2])
        count = math.prod(shapes[0])
        if math.prod(shapes[2]) != count**2:
            raise refuse_shapes(spec, shapes, 2, f"it must have {count} rows of {count} numbers, as many as there are indices")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, index: Tensor, targets: Tensor, x: Tensor) -> Tensor:
        index = index.detach().long().reshape(-1, 1)
        check_classes(self, index, len(index))
        chosen = x.reshape(len(index), -1).gather(1, index).flatten()
        return (targets.detach().flatten() - chosen).square().sum() / (2 * len(index))
