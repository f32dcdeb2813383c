"""NaN2Zero and SafeInv: numbers without NaN, and their inverses. Of YutingZhang's fork."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from netdef.layers.core.base import Layer
from netdef.layers.core.registry import register
from netdef.layers.core.torch_code import TorchCode, Variable


@register("NaN2Zero")
class NaN2Zero(Layer):
    """0 for NaN, in the gradient, too. Infinities stay."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def forward(self, x: Tensor) -> Tensor:
        top: Tensor = _NaN2Zero.apply(x)
        return top

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.masked_fill({bottoms[0]}.isnan(), 0)")


class _NaN2Zero(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x.masked_fill(x.isnan(), 0)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        return gradient.masked_fill(gradient.isnan() | x.isnan(), 0)


@register("SafeInv")
class SafeInv(Layer):
    """``1 / x``, and 0 for 0, without a gradient there."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def forward(self, x: Tensor) -> Tensor:
        return safe_inverse(x)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"safe_inverse({bottoms[0]})", functions=(safe_inverse,))


def safe_inverse(x: Tensor) -> Tensor:
    """The inverses of numbers; of 0 it is 0."""
    zero = x == 0
    return torch.where(zero, 0.0, 1 / x.masked_fill(zero, 1))
