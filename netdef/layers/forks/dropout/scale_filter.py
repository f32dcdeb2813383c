"""ScaleFilter: random factors of channels in training, from OpenVINO's fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "scale_filter_param"


@register("ScaleFilter")
class ScaleFilter(Layer):
    """Each channel of each item (N, C, H, W) times a factor, in training: uniform from ``min_scale`` to ``max_scale``."""

    keeps_shape = True
    family = "norm"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.scale_filter_param
        check_axes(spec, shapes, 4)
        check_above_zero(spec, param.min_scale, PARAM, "min_scale")
        if param.max_scale <= param.min_scale:
            raise spec.refuse(f"has `max_scale` {param.max_scale:g}; it must be above its `min_scale`, {param.min_scale:g}",
                              PARAM, "max_scale")
        self.least, self.width = param.min_scale, param.max_scale - param.min_scale

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        return x * (self.least + self.width * torch.rand(*x.shape[:2], 1, 1, dtype=x.dtype, device=x.device))
