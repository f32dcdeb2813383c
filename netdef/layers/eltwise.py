"""Eltwise: the sum, product, maximum, minimum or quotient of blobs of one shape."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_same_shape, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("Eltwise")
class Eltwise(Layer):
    """``operation`` over all bottoms: SUM (each times its ``coeff``), PROD or MAX; in Synopsys' fork MIN, and DIV of two bottoms.

    A layer with ``coeff_blob`` is an `EltwiseOfCoefficients`. A single bottom with a ``coeff`` is multiplied, as in FlowNet's
    fork; Caffe wants two. From Synopsys' fork: a second bottom without axes, one number, is repeated over all of the first; with
    ``axis`` one that has some of the first's axes, from that one on, is repeated over the others. Its gradient is the sum over
    them; the fork writes that past the end of the blob.

    Where two bottoms of a MAX are equal, one of them gets the whole gradient, as in Caffe: the second of the first two,
    and a later one only when it is strictly greater; so for MIN. DIV has no gradient in the fork; here it has its own.
    ``stable_prod_grad`` changes nothing: the gradient of a product is always that of the other factors, never a division by a
    factor that may be 0. A top in the place of a bottom is a new blob; Caffe's in-place sum loses that bottom.
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
        if operation == "DIV" and len(shapes) != 2:
            raise spec.refuse(f"divides, and has {len(shapes)} bottoms; it wants two", "eltwise_param", "operation")
        if len(shapes) == 1 and not param.coeff:
            raise spec.refuse("takes at least 2 bottoms, the text gives 1; one alone needs a `coeff`", "bottom", 0)
        self.spread = len(shapes) > 1 and shapes[1] != shapes[0] and (not shapes[1] or param.HasField("axis"))
        if self.spread:
            self.axis = canonical_axis(spec, param.axis, len(shapes[0]), "eltwise_param", "axis") if shapes[1] else 0
            if shapes[1] != shapes[0][self.axis : self.axis + len(shapes[1])]:
                raise refuse_shapes(spec, shapes, 1, f"from axis {self.axis} on the first must have the axes of the second")
        check_same_shape(spec, [shape for i, shape in enumerate(shapes) if i != 1 or not self.spread])
        self.coeffs: list[float] = list(param.coeff) or [1.0] * len(shapes)
        self.operation = operation
        self.is_plain_sum = operation == "SUM" and self.coeffs == [1.0, 1.0]

    def forward(self, *bottoms: Tensor) -> Tensor:
        if self.spread:
            bottoms = (bottoms[0], bottoms[1].reshape(self._spread_shape(*bottoms[:2])), *bottoms[2:])
        if self.is_plain_sum:
            return torch.add(*bottoms)
        if self.operation == "SUM":
            return _weighted_sum(bottoms, self.coeffs)
        if self.operation == "DIV":
            return torch.div(*bottoms)
        if self.operation == "PROD":
            return _product(*bottoms)
        return _maximum(*bottoms) if self.operation == "MAX" else _minimum(*bottoms)

    def _spread_shape(self, x: Tensor | Variable, other: Tensor | Variable) -> Shape:
        """The shape of the second bottom with as many axes as the first."""
        return (*(1,) * self.axis, *other.shape, *(1,) * (len(x.shape) - self.axis - len(other.shape)))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        names: list[str] = list(bottoms)
        if self.spread:
            names[1] = f"{names[1]}.reshape({self._spread_shape(*bottoms[:2])})"
        if self.operation in ("PROD", "DIV"):
            return TorchCode((" * " if self.operation == "PROD" else " / ").join(names))
        if self.operation in ("MAX", "MIN"):
            function, top = "maximum" if self.operation == "MAX" else "minimum", names[0]
            for x in names[1:]:
                top = f"torch.{function}({top}, {x})"
            return TorchCode(top)
        terms = [x if c == 1 else f"-{x}" if c == -1 else f"{number(c)} * {x}" for c, x in zip(self.coeffs, names)]
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


def _minimum(a: Tensor, b: Tensor, *others: Tensor) -> Tensor:
    top = torch.where(a < b, a, b)
    for other in others:
        top = torch.where(other < top, other, top)
    return top
