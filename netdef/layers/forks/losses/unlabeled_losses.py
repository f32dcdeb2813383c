"""LossTS and LossMX: losses of images without labels. Of Sajjadi et al. 2016 (m-sajjadi's fork), on a GPU there."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_EPS = torch.finfo(torch.float32).eps


class _UnlabeledLoss(Layer):
    """The base: a loss of (N, C) with the fork's gradient, which is ``lambda`` times one that is not divided by N.

    The fork leaves the loss weight out of its gradient; here it counts.
    """

    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 2)
        self.factor: float = getattr(spec.message, "lambda")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]


@register("LossTS")
class LossTS(_UnlabeledLoss):
    """Over N, the squared distances of all ordered pairs in each group of ``nt`` items, the same image changed ``nt`` times.

    The gradient of an item is ``lambda`` times the sum of its differences to the others, a quarter of N times the derivative.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.size: int = spec.message.nt
        if self.size < 1 or shapes[0][0] % self.size:
            raise spec.refuse(f"wants `nt`, the size of a group, to divide its {shapes[0][0]} items; it is {self.size}", "nt")

    def forward(self, x: Tensor) -> Tensor:
        groups = x.detach().reshape(-1, self.size, x.shape[1])
        differences = groups[:, :, None] - groups[:, None]
        gradient = self.factor * differences.sum(2).reshape(x.shape)
        return with_gradient(differences.square().sum() / len(x), x, gradient)


@register("LossMX")
class LossMX(_UnlabeledLoss):
    """Over N, the chance that just one of an item's classes is there, where p are the chances of each: it is made great.

    That is ``sum_k p_k prod_(i not k) (1 - p_i)``; p is kept FLT_EPSILON away from 0 and 1. The gradient is -``lambda`` times N
    times the derivative. In the fork the bottom itself is kept away from them, too.
    """

    def forward(self, x: Tensor) -> Tensor:
        p = x.detach().clamp(_EPS, 1 - _EPS)
        none, odds = (1 - p).prod(1, keepdim=True), p / (1 - p)
        others = odds.sum(1, keepdim=True) - odds
        gradient = none / (1 - p) * (1 - others)
        return with_gradient((none * odds).sum() / len(x), x, -self.factor * gradient)
