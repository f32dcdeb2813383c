"""Pairwise: each item of one blob with each of another, of happynear's fork."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number
from netdef.schema.messages import PairwiseParameter

_PARAM = "pairwise_param"


@register("Pairwise")
class Pairwise(Layer):
    """(M, C) and (N, C) to (M, N, C): the sum, with `coeff` 1 and 2 if they are given, the product or the larger of each pair.

    Of equal numbers the second has the gradient of MAX.
    """

    n_bottoms = exactly(2)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.pairwise_param
        for index in (0, 1):
            check_least_axes(spec, shapes, 2, index)
            if shapes[index][1] != shapes[0][1] or math.prod(shapes[index][2:]) != 1:
                raise refuse_shapes(spec, shapes, index, f"an item of both has {shapes[0][1]} channels of one number")
        self.operation: str = PairwiseParameter.PairwiseOp.Name(param.operation)
        if len(param.coeff) not in (0, 2):
            raise spec.refuse(f"has {len(param.coeff)} `coeff`; it wants none, or one for each bottom", _PARAM, "coeff")
        if param.coeff and self.operation == "PROD":
            raise spec.refuse("has `coeff` with PROD; they are for SUM", _PARAM, "coeff")
        self.factors = tuple(param.coeff) if param.coeff and self.operation == "SUM" else (1.0, 1.0)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], bottoms[1][0], bottoms[0][1])]

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        a, b = a.flatten(1)[:, None], b.flatten(1)
        if self.operation == "PROD":
            return a * b
        if self.operation == "MAX":
            return torch.where(a > b, a, b)
        return self.factors[0] * a + self.factors[1] * b

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        a, b = f"{bottoms[0]}.flatten(1)[:, None]", f"{bottoms[1]}.flatten(1)"
        if self.operation != "SUM":
            return TorchCode(f"{a} * {b}" if self.operation == "PROD" else f"torch.maximum({a}, {b})")
        first, second = (x if factor == 1 else f"{number(factor)} * {x}" for x, factor in zip((a, b), self.factors))
        return TorchCode(f"{first} + {second}")
