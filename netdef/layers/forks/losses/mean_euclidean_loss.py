"""MeanEuclideanLoss and Euclidean2Loss: half the mean squared difference. Of naibaf7 (EuclideanLoss) and Akrit2013."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.checks import refuse_shapes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("MeanEuclideanLoss")
class MeanEuclideanLoss(PairLoss):
    """``mean((s (a - b))^2) / 2``; s, the third bottom, has the shape of a, or is 1 everywhere.

    As in the fork the gradient is ``s (a - b) / count``, with s once.
    """

    n_bottoms = between(2, 3)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes[:2])
        if len(shapes) == 3 and shapes[2] != shapes[0]:
            raise refuse_shapes(spec, shapes, 2, "it wants a factor for each number")

    @classmethod
    def allows_force_backward(cls, bottom: int) -> bool:
        return bottom < 2

    def forward(self, a: Tensor, b: Tensor, scale: Tensor | None = None) -> Tensor:
        apart = a - b.reshape(a.shape)
        scaled = apart if scale is None else apart * scale.detach()
        return with_gradient(scaled.square().mean() / 2, apart, scaled / apart.numel())


@register("Euclidean2Loss")
class Euclidean2Loss(MeanEuclideanLoss):
    """The same of two bottoms, under its name in Akrit2013's fork."""

    n_bottoms = exactly(2)
