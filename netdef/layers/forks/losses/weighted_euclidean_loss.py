"""WeightedEuclideanLoss and EuclideanWeightedLoss: half the squared distance, weighted by a bottom or by the targets."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.checks import refuse_shapes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("WeightedEuclideanLoss")
class WeightedEuclideanLoss(PairLoss):
    """``sum(w (a - b)^2) / (2 N)``; w, the third bottom, has a weight for each number, and a gradient. Of DeepTerrainRL.

    In a pull request to BVLC (5775) weights below 0 give no number, and their gradient is another.
    """

    n_bottoms = exactly(3)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes[:2])
        if shapes[2][:1] != shapes[0][:1] or math.prod(shapes[2]) != math.prod(shapes[0]):
            raise refuse_shapes(spec, shapes, 2, "it wants a weight for each number")

    def forward(self, a: Tensor, b: Tensor, weights: Tensor) -> Tensor:
        return (weights.reshape(a.shape) * (a - b.reshape(a.shape)).square()).sum() / (2 * len(a))


@register("EuclideanWeightedLoss")
class EuclideanWeightedLoss(PairLoss):
    """``(sum(d^2) + lambda sum((d t)^2)) / (2 N)`` of d = x - t. EUCLIDEAN_WEIGHTED_LOSS of Tulsiani and Malik 2015.

    As in the fork (ViewpointsAndKeypoints) the gradient is ``(1 + lambda t) d / N``, which is that of targets t of 0 and 1, and
    targets get none.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.factor: float = getattr(spec.message.euclidean_weight_param, "lambda")

    @classmethod
    def allows_force_backward(cls, bottom: int) -> bool:
        return bottom == 0

    def forward(self, x: Tensor, targets: Tensor) -> Tensor:
        t = targets.detach().reshape(x.shape)
        apart = x.detach() - t
        loss = (apart.square().sum() + self.factor * (apart * t).square().sum()) / (2 * len(x))
        return with_gradient(loss, x, (1 + self.factor * t) * apart / len(x))
