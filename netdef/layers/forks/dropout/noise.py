"""Noise: random numbers added in training. Of happynear's fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "noise_param"


@register("Noise")
class Noise(Layer):
    """In training ``x + bias + noise``, x in TEST.

    The noise is normal, its deviation ``gaussian_std`` times the root of the mean square of x, or without ``gaussian_std``
    uniform from ``-uniform_range`` to ``uniform_range``. The gradient is that of x alone.
    """

    keeps_shape = True
    family = "norm"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.noise_param
        self.normal = param.HasField("gaussian_std")
        field = "gaussian_std" if self.normal else "uniform_range"
        if not param.HasField(field):
            raise spec.refuse("needs `gaussian_std` or `uniform_range`",
                              *([PARAM] if spec.message.HasField(PARAM) else ["type"]))
        check_at_least(spec, getattr(param, field), 0, PARAM, field)
        self.width, self.bias = getattr(param, field), param.bias

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        if self.normal:
            return x + (self.bias + self.width * x.detach().square().mean().sqrt() * torch.randn_like(x))
        return x + (self.bias + self.width * (2 * torch.rand_like(x) - 1))
