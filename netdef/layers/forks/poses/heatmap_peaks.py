"""PredictionHeatmap and AccuracyHeatmap: where maps of joints are greatest, and how near. Of RMPE (Fang et al. 2017)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("PredictionHeatmap")
class PredictionHeatmap(Layer):
    """Column, row and value of the greatest value of each map (N, joints, H, W), as (1, 1, N, 3 joints).

    Of equal ones that of the least column counts, and then that of the least row. The fork writes beyond its memory where
    H and W differ. A second bottom, the images, is there only drawn.
    """

    n_bottoms = between(1, 2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param = spec.message.prediction_heatmap_param
        if param.num_joints != shapes[0][1]:
            raise spec.refuse(f"wants `num_joints` {shapes[0][1]}, the number of its maps, not {param.num_joints}",
                              *(["prediction_heatmap_param", "num_joints"] if param.HasField("num_joints") else []))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 1, bottoms[0][0], 3 * bottoms[0][1])]

    @torch.no_grad()
    def forward(self, x: Tensor, *images: Tensor) -> Tensor:
        turned = x.mT.flatten(2)
        place, height = turned.argmax(2), x.shape[2]
        found = torch.stack([(place // height).to(x.dtype), (place % height).to(x.dtype), turned.amax(2)], 2)
        return found.reshape(1, 1, len(x), -1)


@register("AccuracyHeatmap")
class AccuracyHeatmap(Layer):
    """The share of joints predicted within ``threshold`` tenths of the height of true maps.

    Bottoms are the top of PredictionHeatmap, with column and row cut to whole numbers, and true maps (N, joints, H, W). The true
    place is that of the greatest value; only those whose column and row are above 1 count. Of none the share is NaN. The tenth
    is cut to a whole number.
    """

    n_bottoms = exactly(2)
    is_score = True
    larger_is_better = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4, 1)
        n, joints, height, _ = shapes[1]
        if math.prod(shapes[0]) != 3 * n * joints:
            raise refuse_shapes(spec, shapes, 1, "the first wants three numbers for each map")
        if height < 10:
            raise refuse_shapes(spec, shapes, 1, "it wants maps at least 10 high")
        self.distance: float = spec.message.accuracy_heatmap_param.threshold

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    @torch.no_grad()
    def forward(self, found: Tensor, t: Tensor) -> Tensor:
        height, width = t.shape[2:]
        found = found.reshape(*t.shape[:2], 3).trunc()
        place = t.flatten(2).argmax(2)
        column, row = place % width, place // width
        apart = torch.hypot(column - found[..., 0], row - found[..., 1])
        counted = (column > 1) & (row > 1)
        right = counted & (apart / (height // 10) < self.distance)
        return right.sum().to(t.dtype) / counted.sum()
