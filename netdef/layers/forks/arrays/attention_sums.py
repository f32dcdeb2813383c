"""LinearSum and FilterSum: maps summed over their places, and over their channels. TransferNet, Hong et al. 2016."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("LinearSum")
class LinearSum(Layer):
    """The sums (N, C) of maps (N, C, H, W) over their places, by weights (N, 1, H, W)."""

    n_bottoms = exactly(2)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        if shapes[1] != (shapes[0][0], 1, *shapes[0][2:]):
            raise refuse_shapes(spec, shapes, 1, "the second has a weight for each place of an item")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [bottoms[0][:2]]

    def forward(self, x: Tensor, weights: Tensor) -> Tensor:
        return (x * weights).sum((2, 3))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"({bottoms[0]} * {bottoms[1]}).sum((2, 3))")


@register("FilterSum")
class FilterSum(Layer):
    """The sum (N, 1, H, W) of maps (N, C, H, W) over their channels, by weights (N, C).

    The gradient of a weight is the sum of the sizes of what each place gives, without their signs, as in the fork.
    """

    n_bottoms = exactly(2)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        if len(shapes[1]) < 2 or torch.Size(shapes[1][2:]).numel() != 1 or shapes[1][:2] != shapes[0][:2]:
            raise refuse_shapes(spec, shapes, 1, "the second has a weight for each channel of an item")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], 1, *bottoms[0][2:])]

    def forward(self, x: Tensor, weights: Tensor) -> Tensor:
        top: Tensor = _FilterSum.apply(x, weights)
        return top

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, weights = bottoms
        return TorchCode(f"({x} * {weights}.reshape(*{x}.shape[:2], 1, 1)).sum(1, keepdim=True)")


class _FilterSum(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weights: Tensor) -> Tensor:
        ctx.save_for_backward(x, weights)
        return (x * weights.reshape(*x.shape[:2], 1, 1)).sum(1, keepdim=True)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor]:
        x, weights = ctx.saved_tensors
        return gradient * weights.reshape(*x.shape[:2], 1, 1), (gradient * x).abs().sum((2, 3)).reshape(weights.shape)
