"""AccuracyRegression: how far off coordinates are. Of a pull request to BVLC/caffe for poses (lsp_pose, 2014)."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_same_shape
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("AccuracyRegression")
class AccuracyRegression(Layer):
    """``sum(|x - t|) / (2 N)`` of predicted and true numbers (N, ...)."""

    n_bottoms = exactly(2)
    is_score = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 1)
        check_same_shape(spec, shapes)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 1, 1, 1)]

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        return ((x - t).detach().abs().sum() / (2 * len(x))).reshape(1, 1, 1, 1)
