"""XCovLoss: how far two codes vary together. Of a pull request to BVLC/caffe (briancheung), after Cheung et al. 2014."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_same_batch
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("XCovLoss")
class XCovLoss(Layer):
    """Half the sum of the squared covariances, over the batch, of each number of bottom 0 with each of bottom 1.

    The top has shape (1, 1, 1, 1). A covariance is a sum over the N items divided by N.
    """

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 1)
        check_same_batch(spec, shapes)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 1, 1, 1)]

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        a, b = (x.reshape(len(x), -1) - x.reshape(len(x), -1).mean(0) for x in (a, b))
        return ((a.t() @ b / len(a)).square().sum() / 2).reshape(1, 1, 1, 1)
