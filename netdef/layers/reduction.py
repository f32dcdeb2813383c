"""Reduction: the sum or mean over the last axes."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("Reduction")
class Reduction(Layer):
    """All axes from ``axis`` (0 by default) on become one number, times ``coeff``; the top has the axes before.

    ``operation``: SUM, ASUM (of absolute values; gradient 0 at 0), SUMSQ (of squares), MEAN.
    """

    fresh_output = True
    needs_float32 = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, n_axes = spec.message.reduction_param, len(shapes[0])
        axis = canonical_axis(spec, param.axis, n_axes, "reduction_param", "axis")
        self.axes = tuple(range(axis, n_axes))
        self.operation: str = param.ReductionOp.Name(param.operation)
        if self.operation == "TOPK":
            raise spec.refuse("cannot reduce by TOPK, which is for BatchReduction", "reduction_param", "operation")
        self.coeff: float = param.coeff

    def forward(self, x: Tensor) -> Tensor:
        if self.operation == "ASUM":
            x = x.abs()
        elif self.operation == "SUMSQ":
            x = x.square()
        top = x.mean(self.axes) if self.operation == "MEAN" else x.sum(self.axes)
        return top if self.coeff == 1 else top.mul_(self.coeff)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        inside = {"ASUM": f"{bottoms[0]}.abs()", "SUMSQ": f"{bottoms[0]}.square()"}.get(self.operation, bottoms[0])
        top = f"{inside}.{'mean' if self.operation == 'MEAN' else 'sum'}({self.axes})"
        return TorchCode(top if self.coeff == 1 else f"{number(self.coeff)} * {top}")
