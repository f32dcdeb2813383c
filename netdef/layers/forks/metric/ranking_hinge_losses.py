"""PairwiseRankingHingeLoss and TripletRankingHingeLoss, of FuchenUSTC's fork."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor
from torch.nn import functional as F

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_same_shape, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


class _HingeLoss(Layer):
    """The base of both, whose gradients are twice the derivatives, as in the fork; there they forget the loss weight, too."""

    is_loss = True

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def twice(self, loss: Tensor) -> Tensor:
        """The loss with twice its gradient."""
        return 2 * loss - loss.detach()


@register("PairwiseRankingHingeLoss")
class PairwiseRankingHingeLoss(_HingeLoss):
    """``sum(max(0, margin - (a - b))) / (2 N)`` of the scores a and b of N pairs. The gradient is twice as large."""

    n_bottoms = exactly(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.margin: float = spec.message.pairwise_ranking_hinge_loss_param.margin
        for index, shape in enumerate(shapes):
            if math.prod(shape) != shapes[0][0]:
                raise refuse_shapes(spec, shapes, index, "both have one number for each item")

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return self.twice(F.relu(self.margin - (a.flatten() - b.flatten())).sum() / (2 * len(a)))


@register("TripletRankingHingeLoss")
class TripletRankingHingeLoss(_HingeLoss):
    """``sum(max(0, margin + |a - p|^2 - |a - n|^2)) / N`` of items of ``dim`` numbers. The gradient is twice as large."""

    n_bottoms = exactly(3)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.triplet_ranking_hinge_loss_param
        self.margin: float = param.margin
        check_same_shape(spec, shapes)
        if math.prod(shapes[0]) != shapes[0][0] * param.dim:
            raise refuse_shapes(spec, shapes, 0, f"an item must have `dim`, {param.dim}, numbers")

    def forward(self, a: Tensor, p: Tensor, n: Tensor) -> Tensor:
        near, far = ((a - other).flatten(1).square().sum(1) for other in (p, n))
        return self.twice(F.relu(self.margin + near - far).sum() / len(a))
