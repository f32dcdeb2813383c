"""CosineContrastiveLoss: angles between like vectors made small and between others large. Of GuohongWu's fork."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.contrastive_loss import PairDistanceLoss, balance
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_SMALL = 1e-6


@register("CosineContrastiveLoss")
class CosineContrastiveLoss(PairDistanceLoss):
    """The mean over pairs of ``1 - p`` of like ones and ``max(margin, p)`` of others, where ``p = cos(t + inner_margin)``.

    t is the angle between the vectors. If it has no room for the margin, ``cos(t) + cos(inner_margin) < 0``, p is
    ``-2 - cos(t + inner_margin)``. With ``add_weighted`` like pairs weigh as many as others. ``margin`` is 1 by default, above
    which no p is. Bottoms are those of ContrastiveLoss. As in the fork the derivative of p has 1e-6 added to the sine of t.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.contrastive_loss_param
        self.margin, self.balanced = param.margin, param.add_weighted
        self.cosine = math.cos(param.inner_margin)
        self.sine = math.sqrt(1 - self.cosine**2)

    def forward(self, a: Tensor, b: Tensor, *labels: Tensor) -> Tensor:
        a, b = a.reshape(len(a), -1), b.reshape(len(b), -1)
        cosine = (a * b).sum(1) / ((_length(a) + _SMALL) * (_length(b) + _SMALL))
        moved, like = self._moved(cosine), self.like(*labels)
        costs = torch.where(like, 1 - moved, self.margin + F.relu(moved - self.margin))
        return (costs * balance(like, costs) if self.balanced else costs).mean()

    def _moved(self, cosine: Tensor) -> Tensor:
        """p of each pair."""
        c = cosine.detach()
        sine = (1 - c.square()).clamp(min=0).sqrt()
        moved, slope = self.cosine * c - self.sine * sine, self.cosine + self.sine * c / (sine + _SMALL)
        room = c + self.cosine >= 0
        return with_gradient(torch.where(room, moved, -2 - moved), cosine, torch.where(room, slope, -slope))


def _length(x: Tensor) -> Tensor:
    return torch.linalg.vector_norm(x, dim=1)
