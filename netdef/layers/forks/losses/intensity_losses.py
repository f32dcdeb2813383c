"""EuclideanLoss2 of JAA-Net, EuclideanLoss6 and CosineSimilarityLoss of ARL (Shao et al. 2018, 2019), for movements of faces."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_same_batch, check_same_count
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_UNKNOWN, _NEAR = 9, 1e-4  # the label of what is not known, and how near to it numbers count as it


@register("EuclideanLoss2")
class EuclideanLoss2(Layer):
    """``sum((a - b)^2) / (2 N d)``, d the first number of the third bottom, as the distance of the eyes."""

    n_bottoms = exactly(3)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_batch(spec, shapes[:2])
        check_same_count(spec, shapes[:2])
        if not math.prod(shapes[2]):
            raise spec.refuse(f"wants a number; `{spec.bottoms[2]}` has shape {shapes[2]}", "bottom", 2)

    @classmethod
    def allows_force_backward(cls, bottom: int) -> bool:
        return bottom < 2

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, a: Tensor, b: Tensor, distance: Tensor) -> Tensor:
        return (a - b.reshape(a.shape)).square().sum() / (2 * len(a) * distance.detach().flatten()[0])


@register("EuclideanLoss6")
class EuclideanLoss6(PairLoss):
    """The mean of ``((x - t) w)^2`` over the targets t that are not 9. Bottoms: x, t and weights w, of equally many numbers.

    As in the fork the gradient has w once where that of the square has it twice. Without a known target the loss is 0, there NaN.
    """

    n_bottoms = exactly(3)

    def forward(self, x: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
        targets, weights = (each.detach().reshape(x.shape).to(x.dtype) for each in (targets, weights))
        known = (targets - _UNKNOWN).abs() >= _NEAR
        error = ((x - targets) * weights).where(known, 0)
        count = known.sum().clamp(min=1)
        return with_gradient(error.square().sum() / count, x, 2 * error / count)


@register("CosineSimilarityLoss")
class CosineSimilarityLoss(PairLoss):
    """1 minus the mean over N of the dot products of two items, which should have length 1."""

    @classmethod
    def allows_force_backward(cls, bottom: int) -> bool:
        return True

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return 1 - (a * b.reshape(a.shape)).sum() / len(a)
