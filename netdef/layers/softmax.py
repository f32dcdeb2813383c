"""Softmax."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Softmax")
class Softmax(Layer):
    """``exp(x) / sum(exp(x))`` along ``axis``."""

    keeps_shape = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.axis = canonical_axis(spec, spec.message.softmax_param.axis, len(shapes[0]), "softmax_param", "axis")

    def forward(self, x: Tensor) -> Tensor:
        return torch.softmax(x, self.axis)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"F.softmax({bottoms[0]}, dim={self.axis})")
