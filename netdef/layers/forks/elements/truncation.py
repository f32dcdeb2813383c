"""Truncation: values cut to two bounds, with the gradients of two forks. SoftTruncation, of happynear's fork: below 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("Truncation")
class Truncation(Layer):
    """``min(max(x, lower), upper)``. The names of the bounds say which of two forks is meant; one of them must be there.

    ``lower_bound`` and ``upper_bound`` (happynear): no gradient at the bounds and beyond. ``truncation_min`` and
    ``truncation_max`` (learnable dilation, SSAW14): below the lower bound gradients that are negative, above the upper one
    gradients that are positive, become 0.
    """

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.truncation_param
        bounded = param.HasField("lower_bound") or param.HasField("upper_bound")
        self.one_way = param.HasField("truncation_min") or param.HasField("truncation_max")
        if bounded == self.one_way:
            raise spec.refuse("wants `lower_bound` and `upper_bound`, or `truncation_min` and `truncation_max`: forks with "
                              "these names have gradients of their own", "truncation_param")
        self.least, self.most = ((param.truncation_min, param.truncation_max) if self.one_way
                                 else (param.lower_bound, param.upper_bound))
        if self.least > self.most:
            raise spec.refuse(f"has a lower bound of {self.least:g} above its upper bound of {self.most:g}", "truncation_param")

    def forward(self, x: Tensor) -> Tensor:
        top: Tensor = _Truncation.apply(x, self.least, self.most, self.one_way)
        return top

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.clamp({number(self.least)}, {number(self.most)})")


class _Truncation(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, least: float, most: float, one_way: bool) -> Tensor:
        ctx.save_for_backward(x)
        ctx.bounds = least, most, one_way
        return x.clamp(least, most)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None, None]:
        (x,) = ctx.saved_tensors
        least, most, one_way = ctx.bounds
        if not one_way:
            return gradient * ((x > least) & (x < most)), None, None, None
        below = torch.where(x < least, gradient.clamp(min=0), gradient)
        return torch.where(x > most, gradient.clamp(max=0), below), None, None, None


@register("SoftTruncation")
class SoftTruncation(Layer):
    """``1 - exp(-x / c)``, which is below 1. Of happynear's fork (NormFace)."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.c: float = spec.message.soft_truncation_param.c
        if not self.c:
            raise spec.refuse("divides by its `c`, which is 0", "soft_truncation_param", "c")

    def forward(self, x: Tensor) -> Tensor:
        return -torch.expm1(x / -self.c)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"-torch.expm1({bottoms[0]} / {number(-self.c)})")
