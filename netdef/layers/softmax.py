"""Softmax."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_above_zero
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("Softmax")
class Softmax(Layer):
    """``exp(x) / sum(exp(x))`` along ``axis``.

    With ``scaling_temperature``, of jolibrain's fork (DeepDetect), of scores over this number. Its backward leaves that number
    out; here the gradient is the true one.
    """

    keeps_shape = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.softmax_param
        self.axis = canonical_axis(spec, param.axis, len(shapes[0]), "softmax_param", "axis")
        check_above_zero(spec, param.scaling_temperature, "softmax_param", "scaling_temperature")
        self.temperature: float = param.scaling_temperature

    def forward(self, x: Tensor) -> Tensor:
        return torch.softmax(x if self.temperature == 1 else x / self.temperature, self.axis)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        divided = "" if self.temperature == 1 else f" / {number(self.temperature)}"
        return TorchCode(f"F.softmax({bottoms[0]}{divided}, dim={self.axis})")
