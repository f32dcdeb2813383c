"""Noise and RandomNoise: random numbers added. Of happynear's fork and of pulkitag's."""

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


@register("RandomNoise")
class RandomNoise(Layer):
    """x plus normal numbers in both phases, of mean ``mu`` and deviation ``sigma``. Of pulkitag's fork.

    With ``adaptive_sigma`` the mean is 0, and the deviation ``adaptive_factor`` times the size of x, or where x is 0 that of
    all x in the mean. The gradient is that of x alone.
    """

    keeps_shape = True
    refuses_inplace = True
    family = "norm"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.random_noise_param
        self.adapts: bool = param.adaptive_sigma
        field = "adaptive_factor" if self.adapts else "sigma"
        check_at_least(spec, getattr(param, field), 0, "random_noise_param", field)
        self.width: float = getattr(param, field)
        self.mean: float = 0 if self.adapts else param.mu

    def forward(self, x: Tensor) -> Tensor:
        width: float | Tensor = self.width
        if self.adapts:
            size = x.detach().abs()
            width = self.width * torch.where(size == 0, size.mean(), size)
        return x + (self.mean + width * torch.randn_like(x))
