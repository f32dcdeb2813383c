"""APL: adaptive piecewise linear units. Agostinelli et al. 2014, of ForestAgostinelli's fork."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_positive
from netdef.layers.core.fillers import fill_of
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape, check_shape
from netdef.schema.messages import FillerParameter

PARAM = "apl_param"


@register("APL")
class APL(Layer):
    """``max(x, 0)`` plus the sum over s of ``slope_s max(offset_s - x, 0)``, with numbers of its own for each value of an item.

    Blobs ``slope`` and ``offset``, each (1, 1, sums, values); as in the fork, the ``sums`` numbers of a value lie one after
    the other in memory. By default slopes are uniform within 0.5 / sums of 0, and offsets normal, of deviation 0.5.
    """

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        param = spec.message.apl_param
        check_positive(spec, param.sums, PARAM, "sums")
        self.sums: int = param.sums
        shape = 1, 1, self.sums, math.prod(shapes[0][1:])
        check_shape(spec, shape, PARAM, "sums")
        most = 0.5 / self.sums
        slopes = param.slope_filler if param.HasField("slope_filler") else FillerParameter(type="uniform", min=-most, max=most)
        offsets = param.offset_filler if param.HasField("offset_filler") else FillerParameter(type="gaussian", std=0.5)
        self.add_blob("slope", shape, fill_of(slopes, spec, PARAM, "slope_filler", shape=shape))
        self.add_blob("offset", shape, fill_of(offsets, spec, PARAM, "offset_filler", shape=shape))

    def forward(self, x: Tensor) -> Tensor:
        slopes, offsets = (self.blob(name).reshape(*x.shape[1:], self.sums).unbind(-1) for name in ("slope", "offset"))
        top = torch.relu(x)
        for slope, offset in zip(slopes, offsets, strict=True):
            top = top + slope * torch.relu(offset - x)
        return top
