"""LinearTransform and ConstScale: ``scale x + bias`` by numbers of the text; in DeVise, a product with a weight."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor, nn

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_positive
from netdef.layers.core.fillers import filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape, check_shape
from netdef.layers.core.torch_code import TorchCode, Variable, number

PARAM = "linear_transform_param"


@register("LinearTransform")
class LinearTransform(Layer):
    """``scale x + bias``, of learnable dilation (SSAW14) and Ahra (gtlim). With ``num_output`` it is `WeightedTransform`."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"
    param = PARAM

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        message = getattr(spec.message, self.param)
        self.scale: float = message.scale
        self.bias: float = message.bias

    def forward(self, x: Tensor) -> Tensor:
        return x * self.scale + self.bias

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]} * {number(self.scale)} + {number(self.bias)}")


@register("ConstScale")
class ConstScale(LinearTransform):
    """``scale x + bias``, of CCN (limuhit)."""

    param = "const_scale_param"


@register("LinearTransform", when=lambda spec: spec.message.linear_transform_param.HasField("num_output"))
class WeightedTransform(Layer):
    """InnerProduct without a bias, of DeVise (Qi-Xian): blob ``weight`` (num_output, inputs).

    With ``backprop: false`` the bottom gets no gradient.
    """

    maskable = ("weight",)
    fresh_output = True
    weight: nn.Parameter

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = spec.message.linear_transform_param, shapes[0]
        check_positive(spec, param.num_output, PARAM, "num_output")
        self.axis = canonical_axis(spec, param.axis, len(shape), PARAM, "axis")
        weight = param.num_output, math.prod(shape[self.axis :])
        check_shape(spec, weight, PARAM, "num_output")
        self.add_blob("weight", weight, filler(spec, PARAM, "weight_filler", shape=weight))
        self.passes_gradient: bool = param.backprop

    def forward(self, x: Tensor) -> Tensor:
        x = x.flatten(self.axis)
        return F.linear(x if self.passes_gradient else x.detach(), self.blob("weight"))

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        return math.prod(tops[0]) * self.weight.shape[1]

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        outputs, inputs = self.weight.shape
        return TorchCode.of_member(f"{me}({bottoms[0]}.flatten({self.axis}))", f"nn.Linear({inputs}, {outputs}, bias=False)",
                                   self.to_torch())
