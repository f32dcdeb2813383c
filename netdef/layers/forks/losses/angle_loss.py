"""AngleLoss: the angles between surface normals, of xiaolonw's fork (Wang, Fouhey and Gupta 2015)."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_least_axes, check_same_shape
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_UNKNOWN = 10  # a true normal beyond this size in its first channel is not known


@register("AngleLoss")
class AngleLoss(PairLoss):
    """The sum over places of ``acos(x t)`` over N, x and t unit vectors along axis 1. A place with ``|t_0| > 10`` does not count.

    Where the product is rounded beyond 1 it counts as 1 (the fork's loss is NaN there). The gradient is
    ``-t / (sqrt(1 - (x t)^2) + 1e-6) / N``, as in the fork.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        check_same_shape(spec, shapes)

    def forward(self, x: Tensor, targets: Tensor) -> Tensor:
        targets = targets.detach().to(x.dtype)
        known = targets[:, :1].abs() <= _UNKNOWN
        targets = targets.where(known, 0)
        cosine = (x.detach() * targets).sum(1, keepdim=True).clamp(-1, 1)
        loss = cosine.acos().where(known, 0).sum() / len(x)
        return with_gradient(loss, x, -targets / ((1 - cosine.square()).sqrt() + 1e-6) / len(x))
