"""ReduceSum, ReduceMax and their like, and CountNonzero, of Synopsys' fork: some axes, or all, become one number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


def reduce_sum(x: Tensor, axes: tuple[int, ...], keepdims: bool) -> Tensor:
    """The sum."""
    return x.sum(axes, keepdims)


def reduce_mean(x: Tensor, axes: tuple[int, ...], keepdims: bool) -> Tensor:
    """The mean."""
    return x.mean(axes, keepdims)


def reduce_max(x: Tensor, axes: tuple[int, ...], keepdims: bool) -> Tensor:
    """The largest value."""
    return x.amax(axes, keepdims)


def reduce_min(x: Tensor, axes: tuple[int, ...], keepdims: bool) -> Tensor:
    """The smallest value."""
    return x.amin(axes, keepdims)


def reduce_prod(x: Tensor, axes: tuple[int, ...], keepdims: bool) -> Tensor:
    """The product."""
    for axis in reversed(axes):
        x = x.prod(axis, keepdims)
    return x


def reduce_l1(x: Tensor, axes: tuple[int, ...], keepdims: bool) -> Tensor:
    """The sum of absolute values."""
    return x.abs().sum(axes, keepdims)


def reduce_l2(x: Tensor, axes: tuple[int, ...], keepdims: bool) -> Tensor:
    """The square root of the sum of squares."""
    return torch.linalg.vector_norm(x, 2.0, axes, keepdims)


def reduce_logsumexp(x: Tensor, axes: tuple[int, ...], keepdims: bool) -> Tensor:
    """The logarithm of the sum of exponentials."""
    return torch.logsumexp(x, axes, keepdims)


def reduce_all(x: Tensor, axes: tuple[int, ...], keepdims: bool) -> Tensor:
    """1 if no value is 0, else 0."""
    return (x != 0).to(x.dtype).amin(axes, keepdims)


def reduce_any(x: Tensor, axes: tuple[int, ...], keepdims: bool) -> Tensor:
    """0 if every value is 0, else 1."""
    return (x != 0).to(x.dtype).amax(axes, keepdims)


def count_nonzero(x: Tensor, axes: tuple[int, ...], keepdims: bool) -> Tensor:
    """The number of values that are not 0."""
    return (x != 0).to(x.dtype).sum(axes, keepdims)


_TYPES: Mapping[str, tuple[Callable[[Tensor, tuple[int, ...], bool], Tensor], str]] = {  # {type: (function, message)}
    "ReduceSum": (reduce_sum, "reduce_sum_param"),
    "ReduceMean": (reduce_mean, "reduce_mean_param"),
    "ReduceMax": (reduce_max, "reduce_max_param"),
    "ReduceMin": (reduce_min, "reduce_min_param"),
    "ReduceProd": (reduce_prod, "reduce_prod_param"),
    "ReduceL1": (reduce_l1, "reduce_l1_param"),
    "ReduceL2": (reduce_l2, "reduce_l2_param"),
    "ReduceLogSumExp": (reduce_logsumexp, "reduce_logsumexp_param"),
    "ReduceAll": (reduce_all, "reduce_all_param"),
    "ReduceAny": (reduce_any, "reduce_any_param"),
    "CountNonzero": (count_nonzero, "count_nonzero_param"),
}


@register("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSumExp",
          "ReduceAll", "ReduceAny", "CountNonzero")
class Reduce(Layer):
    """The values along the axes of ``axis`` (``axes`` of ReduceL1 and ReduceL2), all axes by default, become one number.

    With ``keepdims``, which is 1 by default in ReduceL1 and ReduceL2, these axes stay, with size 1. The function of a type has
    its name. ReduceAll, ReduceAny and CountNonzero have no gradient. The fork has none of the others, either; here they have
    their own, and the values that are equally large or small have equal shares of it.
    """

    needs_float32 = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        field, name = _TYPES[spec.type][1], "axes" if spec.type in ("ReduceL1", "ReduceL2") else "axis"
        param, n_axes = getattr(spec.message, field), len(shapes[0])
        axes = [canonical_axis(spec, axis, n_axes, field, name, i) for i, axis in enumerate(getattr(param, name))]
        if len(set(axes)) < len(axes):
            raise spec.refuse(f"reduces an axis twice: {list(getattr(param, name))}", field, name)
        self.axes = tuple(sorted(axes) or range(n_axes))
        self.keepdims = bool(param.keepdims)

    def forward(self, x: Tensor) -> Tensor:
        function, _ = _TYPES[self.type_name]
        return function(x, self.axes, self.keepdims)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        function, _ = _TYPES[self.type_name]
        return TorchCode(f"{function.__name__}({bottoms[0]}, {self.axes}, {self.keepdims})", functions=(function,))
