"""RegionPooling: values at places about points, weighted over the regions of R-FCN's maps. Of jialinwu17's box_cls_reg."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_least_axes, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "region_pooling_param"


@register("RegionPooling")
class RegionPooling(Layer):
    """Top (points, regions, samples, features): at each place, the mean over R of R-FCN's regions of weight times value.

    The sizes are ``num_regions``, ``num_samples``, ``num_features`` and, R, ``num_rfcn_regions``. Bottoms: maps (1, R * features,
    H, W); points (points, 2), x and y in cells, of which fractions are dropped; how far each place lies from its point, x and y
    for each of points x regions x samples; and weights, R numbers for each of these. A place outside the maps has 0; the fork
    reads other memory there. Only the maps get a gradient.
    """

    n_bottoms = exactly(4)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        check_least_axes(spec, shapes, 1, 1)
        param = spec.message.region_pooling_param
        for field in ("num_regions", "num_samples", "num_features", "num_rfcn_regions"):
            check_positive(spec, getattr(param, field), PARAM, field)
        self.sizes: Shape = (param.num_regions, param.num_samples, param.num_features)
        self.maps: int = param.num_rfcn_regions
        points = shapes[1][0]
        places = points * self.sizes[0] * self.sizes[1]
        if shapes[0][:2] != (1, self.maps * self.sizes[2]):
            raise spec.refuse(f"wants maps of one item with {self.maps} x {self.sizes[2]} channels; `{spec.bottoms[0]}` has "
                              f"shape {shapes[0]}", "bottom", 0)
        for index, count in enumerate((2 * points, 2 * places, self.maps * places), start=1):
            if math.prod(shapes[index]) != count:
                raise spec.refuse(f"wants {count} numbers for {points} points; `{spec.bottoms[index]}` has shape {shapes[index]}",
                                  "bottom", index)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[1][0], *self.sizes)]

    def forward(self, maps: Tensor, points: Tensor, offsets: Tensor, weights: Tensor) -> Tensor:
        height, width = maps.shape[2:]
        starts = points.detach().reshape(-1, 1, 2).trunc()
        x, y = (offsets.detach().reshape(len(starts), -1, 2) + starts).trunc().long().reshape(-1, 2).unbind(1)
        is_inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        values = maps[0].unflatten(0, (self.maps, -1))[:, :, y.clamp(0, height - 1), x.clamp(0, width - 1)]
        shares = weights.detach().reshape(-1, self.maps) * is_inside[:, None] / self.maps
        return torch.einsum("kfp,pk->pf", values, shares).reshape(len(starts), *self.sizes)
