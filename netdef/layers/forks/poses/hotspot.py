"""Hotspot: points as planes with a normal density around them. Of happynear's fork."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_axes, check_least_axes, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "hotspot_param"
_LEAST = 1e-4  # what is not above it is 0


@register("Hotspot")
class Hotspot(Layer):
    """Points (N, 2 P) to planes (N, P, h, w): the normal density of deviation ``gaussian_std`` pixels around each point.

    A point is x and y in an image of ``data_width`` x ``data_height``, from its middle, with ``mean_removed: false`` from its
    corner. The planes have ``output_height`` x ``output_width``, or the size of a second bottom. A density of at most 1e-4 is 0.
    Points have no gradient.
    """

    n_bottoms = between(1, 2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.hotspot_param
        check_least_axes(spec, shapes, 2)
        if shapes[0][1] % 2:
            raise spec.refuse(f"wants two numbers a point; its bottom has shape {shapes[0]}", "bottom", 0)
        for name in ("data_height", "data_width"):
            check_positive(spec, getattr(param, name), PARAM, name)
        check_above_zero(spec, param.gaussian_std, PARAM, "gaussian_std")
        self.size = (param.output_height, param.output_width)
        if not all(self.size):
            if len(shapes) == 1:
                raise spec.refuse("wants `output_height` and `output_width`, or a second bottom", PARAM)
            check_axes(spec, shapes, 4, 1)
            self.size = (shapes[1][2], shapes[1][3])
        self.image, self.deviation = (param.data_height, param.data_width), param.gaussian_std
        self.centred: bool = param.mean_removed

    def forward(self, points: Tensor, like: Tensor | None = None) -> Tensor:
        place = points.detach().reshape(len(points), -1, 2)
        squares = []
        for axis in (0, 1):
            at = (place[..., 1 - axis] / self.image[axis] + (0.5 if self.centred else 0)) * self.size[axis]
            squares.append((at[..., None] - torch.arange(self.size[axis], device=points.device)).square())
        distance = squares[0][..., :, None] + squares[1][..., None, :]
        variance = self.deviation**2
        density = torch.exp(-distance / (2 * variance)) / (2 * math.pi * variance)
        return density.where(density > _LEAST, 0)
