"""SpatialPyramidPooling: the pyramid of a pull request to BVLC/caffe of July 2014, before SPP."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "spatial_pyramid_pooling_param"


@register("SpatialPyramidPooling")
class SpatialPyramidPooling(Layer):
    """For each ``spatial_bin`` b: pooling in windows of (height // b, width // b) that touch, flattened; then all in a row.

    The last windows reach over the edge, as in Pooling: a height of 13 and b = 2 give 3 rows. One bin alone is not
    flattened. The method is ``pooling_param``'s, as in that pull request, which does not read its own ``pool``.
    """

    fresh_output = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param, pooling = spec.message.spatial_pyramid_pooling_param, spec.message.pooling_param
        self.bins = tuple(param.spatial_bin)
        if not self.bins:
            raise spec.refuse("has no `spatial_bin`", PARAM)
        for i, bins in enumerate(self.bins):
            if not 1 <= bins <= min(shapes[0][2:]):
                raise spec.refuse(f"cuts a bottom of shape {shapes[0]} into {bins} bins", PARAM, "spatial_bin", i)
        if pooling.pool not in (pooling.MAX, pooling.AVE):
            raise spec.refuse("pools MAX or AVE", "pooling_param", "pool")
        self.average = pooling.pool == pooling.AVE

    def forward(self, x: Tensor) -> Tensor:
        pool = F.avg_pool2d if self.average else F.max_pool2d
        pooled = []
        for bins in self.bins:
            window = (x.shape[2] // bins, x.shape[3] // bins)
            pooled.append(pool(x, window, window, ceil_mode=True))
        return pooled[0] if len(pooled) == 1 else torch.cat([level.flatten(1) for level in pooled], 1)
