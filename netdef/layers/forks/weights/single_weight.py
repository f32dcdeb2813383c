"""EliwiseProduct: a blob times one number that is learned. Of the structure inference machine (Deng et al. 2016; Lucas2012)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis
from netdef.layers.core.fillers import filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "eliwise_product_param"


@register("EliwiseProduct")
class EliwiseProduct(Layer):
    """The bottom, its axes from ``axis`` on flattened, times the one number of blob 0, ``weight``.

    The weight's gradient is the fork's: the sum of the absolute values of ``top's gradient * bottom``, which is the derivative
    only where none of them is negative. ``bias_term`` is refused: the fork makes an empty bias, and its fillers abort on it.
    """

    maskable = ()
    fresh_output = True
    family = "pointwise"
    weight: nn.Parameter

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.eliwise_product_param
        self.axis = canonical_axis(spec, param.axis, len(shapes[0]), PARAM, "axis")
        if param.bias_term:
            raise spec.refuse("has a bias, which the fork makes empty and cannot fill", PARAM, "bias_term")
        self.add_blob("weight", (1,), filler(spec, PARAM, "weight_filler", shape=(1,)))

    def forward(self, x: Tensor) -> Tensor:
        top: Tensor = _Times.apply(x.flatten(self.axis), self.blob("weight"))
        return top

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        weight = self.blob("weight")
        return TorchCode.of_member(f"{bottoms[0]}.flatten({self.axis}) * {me}", "nn.Parameter(torch.zeros(1))", {"": weight})


class _Times(torch.autograd.Function):
    """A product with one number, whose gradient is a sum of absolute values."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor) -> Tensor:
        ctx.save_for_backward(x, weight)
        return x * weight

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor]:
        x, weight = ctx.saved_tensors
        return gradient * weight, (gradient * x).abs().sum().reshape(1)
