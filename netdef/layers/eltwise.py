"""Eltwise: the sum, product or maximum of blobs of one shape."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_same_shape
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("Eltwise")
class Eltwise(Layer):
    """``operation`` over all bottoms: SUM (each times its ``coeff``), PROD or MAX.

    A layer with ``coeff_blob`` is an `EltwiseOfCoefficients`. A single bottom with a ``coeff`` is multiplied, as in FlowNet's
    fork; Caffe wants two.

    Where two bottoms of a MAX are equal, one of them gets the whole gradient, as in Caffe: the second of the first two,
    and a later one only when it is strictly greater. ``stable_prod_grad`` changes nothing: the gradient of a product
    is always that of the other factors, never a division by a factor that may be 0. A top in the place of a bottom is
    a new blob; Caffe's in-place sum loses that bottom.
    """

    keeps_shape = True
    n_bottoms = at_least(1)
    fresh_output = True
    family = "join"
    always_shown = ("eltwise_param", "operation")

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.eltwise_param
        operation: str = param.EltwiseOp.Name(param.operation)
        if param.coeff and operation != "SUM":
            raise spec.refuse(f"has coefficients with operation {operation}; only SUM takes them",
                              "eltwise_param", "coeff")
        if param.coeff and len(param.coeff) != len(shapes):
            raise spec.refuse(f"has {len(shapes)} bottoms and {len(param.coeff)} `coeff`; it wants one each, or none",
                              "eltwise_param", "coeff")
        if len(shapes) == 1 and not param.coeff:
            raise spec.refuse("takes at least 2 bottoms, the text gives 1; one alone needs a `coeff`", "bottom", 0)
        check_same_shape(spec, shapes)
        self.coeffs: list[float] = list(param.coeff) or [1.0] * len(shapes)
        self.operation = operation
        self.is_plain_sum = operation == "SUM" and self.coeffs == [1.0, 1.0]

    def forward(self, *bottoms: Tensor) -> Tensor:
        if self.is_plain_sum:
            return torch.add(*bottoms)
        if self.operation == "SUM":
            return _weighted_sum(bottoms, self.coeffs)
        return _product(*bottoms) if self.operation == "PROD" else _maximum(*bottoms)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.operation == "PROD":
            return TorchCode(" * ".join(bottoms))
        if self.operation == "MAX":
            top: str = bottoms[0]
            for x in bottoms[1:]:
                top = f"torch.maximum({top}, {x})"
            return TorchCode(top)
        terms = [x if c == 1 else f"-{x}" if c == -1 else f"{number(c)} * {x}" for c, x in zip(self.coeffs, bottoms)]
        return TorchCode(" + ".join(terms).replace("+ -", "- "))


@register("Add")
class Add(Eltwise):
    """Eltwise with a sum, under its name for two bottoms in Cambricon's fork."""

    n_bottoms = exactly(2)


def _weighted_sum(bottoms: Sequence[Tensor], coeffs: Sequence[float]) -> Tensor:
    total = bottoms[0]
    if len(bottoms) == 1:
        return total * coeffs[0]
    if coeffs[0] == 1:
        total = torch.add(total, bottoms[1], alpha=coeffs[1])
    else:
        total = (total * coeffs[0]).add_(bottoms[1], alpha=coeffs[1])
    for bottom, coeff in zip(bottoms[2:], coeffs[2:]):
        total.add_(bottom, alpha=coeff)
    return total


def _product(a: Tensor, *others: Tensor) -> Tensor:
    for other in others:
        a = a * other
    return a


def _maximum(a: Tensor, b: Tensor, *others: Tensor) -> Tensor:
    top = torch.where(a > b, a, b)
    for other in others:
        top = torch.where(other > top, other, top)
    return top
