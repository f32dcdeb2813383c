"""GRN: places of length 1, from OpenVINO's fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least, check_least_axes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number

PARAM = "grn_param"


@register("GRN")
class GRN(Layer):
    """Every place of (N, C, ...) over ``sqrt(sum x^2 + bias)``, the sum over its C values.

    With ``dummy_backward`` the gradient passes as it is.
    """

    keeps_shape = True
    family = "norm"
    needs_float32 = True  # squares overflow float16

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.grn_param
        check_least_axes(spec, shapes, 2)
        check_at_least(spec, param.bias, 0, PARAM, "bias")
        self.bias: float = param.bias
        self.passes_gradient: bool = param.dummy_backward

    def forward(self, x: Tensor) -> Tensor:
        top = x / (x.square().sum(1, keepdim=True) + self.bias).sqrt()
        return with_gradient(top, x, torch.ones_like(x)) if self.passes_gradient else top

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        (x,) = bottoms
        return TorchCode(f"{x} / ({x}.square().sum(1, keepdim=True) + {number(self.bias)}).sqrt()")
