"""LinearSum and FilterSum (TransferNet, Hong et al. 2016): maps summed over places, over channels. Spfilter: maps times one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, exactly
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


@register("Spfilter")
class Spfilter(Layer):
    """Each bottom (N, C, H, W) but the last times the last at each place, which has N H W numbers. Kim et al. 2017 (hyojinie)."""

    n_bottoms = at_least(2)
    n_tops = at_least(1)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        if len(spec.tops) != len(shapes) - 1:
            raise spec.refuse(f"makes a top of each bottom but the last; the text gives {len(shapes)} bottoms and "
                              f"{len(spec.tops)} tops", "top")
        for index, shape in enumerate(shapes[:-1]):
            check_axes(spec, shapes, 4, index)
            if (shape[0], math.prod(shape[2:])) != (shapes[-1][0], math.prod(shapes[-1][1:])):
                raise spec.refuse(f"wants a number for each place of `{spec.bottoms[index]}`, of shape {shape}; "
                                  f"`{spec.bottoms[-1]}` has shape {shapes[-1]}", "bottom", len(shapes) - 1)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return bottoms[:-1]

    def forward(self, *bottoms: Tensor) -> tuple[Tensor, ...]:
        *maps, chosen = bottoms
        return tuple(x * chosen.reshape(len(x), 1, *x.shape[2:]) for x in maps)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        *maps, chosen = bottoms
        return TorchCode(", ".join(f"{x} * {chosen}.reshape(len({x}), 1, *{x}.shape[2:])" for x in maps))


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
