"""SignedPower: a power that keeps signs, with an exponent that is learned. Of caffe_latte (fireae)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.fillers import constant
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("SignedPower")
class SignedPower(Layer):
    """``sign(z) (|z| + eps)^p`` with z = scale x + shift; 0 has the sign of 1.

    Blob: ``power``, the exponent, at first the ``power`` of the text.
    """

    keeps_shape = True
    refuses_inplace = True
    family = "pointwise"
    power: nn.Parameter

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.power_param
        self.scale, self.shift, self.eps = param.scale, param.shift, param.eps
        self.add_blob("power", (1,), constant(param.power))

    def forward(self, x: Tensor) -> Tensor:
        return signed_power(x, self.blob("power"), self.scale, self.shift, self.eps)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        numbers = ", ".join(map(number, (self.scale, self.shift, self.eps)))
        return TorchCode(f"signed_power({bottoms[0]}, {me}, {numbers})", {"": "nn.Parameter(torch.ones(1))"},
                         {"": {"": self.power}}, (signed_power,))


def signed_power(x: Tensor, power: Tensor, scale: float, shift: float, eps: float) -> Tensor:
    """``sign(z) (|z| + eps)^power`` with z = scale x + shift."""
    z = scale * x + shift
    size = (torch.where(z >= 0, z, -z) + eps) ** power
    return torch.where(z >= 0, size, -size)
