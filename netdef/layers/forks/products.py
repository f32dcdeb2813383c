"""Axpy and Mul, from forks: products of blobs of different shapes."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Axpy")
class Axpy(Layer):
    """``a * x + y``: bottoms a (N, channels), or with axes of size 1 behind, x and y (N, channels, height, width).

    From the fork of squeeze-and-excitation nets (Hu et al. 2018).
    """

    n_bottoms = exactly(3)
    fresh_output = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        a, x, y = shapes
        if x != y:
            raise spec.refuse(f"adds bottoms of shapes {x} (`{spec.bottoms[1]}`) and {y} (`{spec.bottoms[2]}`); they must "
                              "agree", "bottom", 2)
        if len(x) < 2 or a[:2] != x[:2] or any(size != 1 for size in a[2:]):
            raise spec.refuse(f"wants one factor a channel, shape {x[:2]}; `{spec.bottoms[0]}` has shape {a}", "bottom", 0)

    def forward(self, a: Tensor, x: Tensor, y: Tensor) -> Tensor:
        return a.reshape(*x.shape[:2], *[1] * (x.ndim - 2)) * x + y

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        a, x, y = bottoms
        return TorchCode(f"{a}.reshape(*{x}.shape[:2], *[1] * ({x}.ndim - 2)) * {x} + {y}")


@register("Mul")
class Mul(Layer):
    """The product of all bottoms, value by value; an axis of size 1 stands for every place along it."""

    n_bottoms = at_least(2)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for i, shape in enumerate(shapes):
            fits = len(shape) == len(shapes[0]) and all(size in (1, whole) for size, whole in zip(shape, shapes[0]))
            if not fits:
                raise refuse_shapes(spec, shapes, i, "axes must agree, or be of size 1 in the latter")

    def forward(self, *bottoms: Tensor) -> Tensor:
        top = bottoms[0]
        for x in bottoms[1:]:
            top = top * x
        return top

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(" * ".join(bottoms))
