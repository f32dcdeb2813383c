"""AbsVal, Power, Exp, Log: elementwise functions of ``shift + scale * x``.

In place, Caffe's backward of Power and Log reads the overwritten bottom and is wrong; here the bottom is kept.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("AbsVal")
class AbsVal(Layer):
    """``|x|``, with gradient 0 at 0."""

    keeps_shape = True
    refuses_inplace = True
    fresh_output = True
    family = "pointwise"

    def forward(self, x: Tensor) -> Tensor:
        return torch.abs(x)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.abs()")


@register("Power")
class Power(Layer):
    """``(shift + scale * x) ** power``."""

    keeps_shape = True
    family = "pointwise"
    needs_float32 = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.power_param
        self.power, self.scale, self.shift = param.power, param.scale, param.shift
        self.fresh_output = (self.power, self.scale, self.shift) != (1, 1, 0)  # else the bottom itself goes through

    def forward(self, x: Tensor) -> Tensor:
        x = _affine(x, self.scale, self.shift)
        return x if self.power == 1 else torch.pow(x, self.power)

    def channel_affine(self) -> tuple[Tensor, Tensor] | None:
        if self.power != 1:
            return None
        return torch.tensor(self.scale, dtype=torch.double), torch.tensor(self.shift, dtype=torch.double)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        inside = _affine_code(bottoms[0], self.scale, self.shift)
        return TorchCode(inside if self.power == 1 else f"({inside}) ** {number(self.power)}")


@register("Exp")
class Exp(Layer):
    """``base ** (shift + scale * x)``; base -1 stands for e."""

    keeps_shape = True
    has_inplace_kernel = True
    family = "pointwise"
    needs_float32 = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.exp_param
        log_base = _log_base(spec, param.base, "exp_param")
        self.scale, self.shift = log_base * param.scale, log_base * param.shift

    def forward(self, x: Tensor) -> Tensor:
        if self.inplace:
            return _affine_(x, self.scale, self.shift).exp_()
        y = _affine(x, self.scale, self.shift)
        return torch.exp(x) if y is x else y.exp_()

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"torch.exp({_affine_code(bottoms[0], self.scale, self.shift)})")


@register("Log")
class Log(Layer):
    """``log(shift + scale * x)`` to ``base``; base -1 stands for e."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"
    needs_float32 = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.log_param
        log_base = _log_base(spec, param.base, "log_param")
        if log_base == 0:
            raise spec.refuse("has base 1, to which no number but 1 has a logarithm", "log_param", "base")
        self.scale, self.shift, self.factor = param.scale, param.shift, 1 / log_base

    def forward(self, x: Tensor) -> Tensor:
        y = torch.log(_affine(x, self.scale, self.shift))
        return y if self.factor == 1 else y.mul_(self.factor)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        logarithm = f"torch.log({_affine_code(bottoms[0], self.scale, self.shift)})"
        return TorchCode(logarithm if self.factor == 1 else f"{number(self.factor)} * {logarithm}")


def _log_base(spec: LayerDefinition, base: float, param: str) -> float:
    if base == -1:
        return 1.0
    if not 0 < base < math.inf:
        raise spec.refuse(f"has base {base:g}; it must be above 0 and finite, or -1 for e", param, "base")
    return math.log(base)


def _affine(x: Tensor, scale: float, shift: float) -> Tensor:
    """``scale * x + shift`` in new memory; ``x`` itself when that changes nothing."""
    if scale != 1:
        x = x * scale
        return x.add_(shift) if shift else x
    return x + shift if shift else x


def _affine_(x: Tensor, scale: float, shift: float) -> Tensor:
    """``scale * x + shift`` over ``x``."""
    if scale != 1:
        x.mul_(scale)
    return x.add_(shift) if shift else x


def _affine_code(x: str, scale: float, shift: float) -> str:
    scaled = x if scale == 1 else f"{number(scale)} * {x}"
    return scaled if shift == 0 else f"{scaled} + {number(shift)}"
