"""The arithmetic of two blobs whose shapes are broadcast: Sub, Div, Pow and their like, of Synopsys' fork."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_same_shape, check_sizes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


def floor_div(a: Tensor, b: Tensor) -> Tensor:
    """The largest whole number up to a / b."""
    return torch.floor(a / b)


def floor_mod(a: Tensor, b: Tensor) -> Tensor:
    """The rest of a divided by b, with the sign of b: ``a - floor(a / b) b``."""
    return a - torch.floor(a / b) * b


def smaller(a: Tensor, b: Tensor) -> Tensor:
    """The smaller of two values, b if they are equal."""
    return torch.where(a < b, a, b)


def larger(a: Tensor, b: Tensor) -> Tensor:
    """The larger of two values, b if they are equal."""
    return torch.where(a > b, a, b)


_FUNCTIONS: Mapping[str, tuple[Callable[[Tensor, Tensor], Tensor], str]] = {
    "Add": (torch.add, "{a} + {b}"),
    "Sub": (torch.sub, "{a} - {b}"),
    "Div": (torch.div, "{a} / {b}"),
    "Pow": (torch.pow, "{a} ** {b}"),
    "FloorDiv": (floor_div, "torch.floor({a} / {b})"),
    "FloorMod": (floor_mod, "{a} - torch.floor({a} / {b}) * {b}"),
    "Minimum": (smaller, "torch.where({a} < {b}, {a}, {b})"),
    "Maximum": (larger, "torch.where({a} > {b}, {a}, {b})"),
}


def _has_two_bottoms(spec: LayerDefinition) -> bool:
    return len(spec.bottoms) > 1


@register("Sub", "Div", "Pow", "FloorDiv", "FloorMod", "Minimum")
@register("Maximum", when=_has_two_bottoms)
@register("Add", when=lambda spec: not spec.message.HasField("eltwise_param"))
class Arithmetic(Layer):
    """Two bottoms, value by value; an axis of size 1, or none in front, stands for every place along it.

    FloorDiv is ``floor(a / b)``, FloorMod ``a - floor(a / b) * b``. Of equal values Minimum and Maximum have the gradient of the
    second bottom. In the fork, which has no gradients of them, a layer with one bottom takes the other from the weight file;
    the text does not say its shape, so that this is refused here.
    """

    n_bottoms = exactly(2)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for i in range(1, len(shapes)):
            try:
                torch.broadcast_shapes(*shapes[: i + 1])
            except RuntimeError:
                raise refuse_shapes(spec, shapes, i, "axes, from the last one on, must agree, or be of size 1") from None

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [tuple(torch.broadcast_shapes(*bottoms))]

    def forward(self, *bottoms: Tensor) -> Tensor:
        function, _ = _FUNCTIONS[self.type_name]
        return function(*bottoms)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        a, b = bottoms
        _, expression = _FUNCTIONS[self.type_name]
        return TorchCode(expression.format(a=a, b=b))


@register("Mul")
class Mul(Arithmetic):
    """The product of all bottoms, value by value, broadcast as `Arithmetic` says.

    With one bottom, of Synopsys' fork, it is multiplied by a blob of the shape ``mul_shape``, zeros in a fresh net; without
    ``mul_shape`` by one number.
    """

    n_bottoms = at_least(1)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        shape = tuple(spec.message.mul_param.mul_shape)
        if len(shapes) == 1:
            check_sizes(spec, "`mul_shape`", (1, *shape), "mul_param", "mul_shape")
            try:
                torch.broadcast_shapes(shapes[0], shape)
            except RuntimeError:
                raise spec.refuse(f"multiplies a bottom of shape {shapes[0]} by a blob of shape {shape}; axes, from the last one "
                                  "on, must agree, or be of size 1", "mul_param", "mul_shape") from None
        super().__init__(spec, shapes)
        if len(shapes) == 1:
            self.add_blob("factor", shape)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return super().top_shapes([*bottoms, *(tuple(blob.shape) for blob in self.blobs)])

    def forward(self, *bottoms: Tensor) -> Tensor:
        if len(bottoms) == 1:
            return bottoms[0] * self.blob("factor")
        top = bottoms[0]
        for x in bottoms[1:]:
            top = top * x
        return top

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if len(bottoms) > 1:
            return TorchCode(" * ".join(bottoms))
        blob = self.blob("factor")
        return TorchCode.of_member(f"{bottoms[0]} * {me}", f"nn.Parameter(torch.zeros({tuple(blob.shape)}))", {"": blob})


@register("NotEqual")
class NotEqual(Layer):
    """1 where two bottoms of one shape differ, or one bottom from ``comparand``, else 0. No gradient."""

    n_bottoms = between(1, 2)
    keeps_shape = True
    fresh_output = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_shape(spec, shapes)
        self.comparand: float = spec.message.not_equal_param.comparand

    def forward(self, x: Tensor, other: Tensor | None = None) -> Tensor:
        return (x != (self.comparand if other is None else other)).to(x.dtype)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        other = bottoms[1] if len(bottoms) > 1 else number(self.comparand)
        return TorchCode(f"({bottoms[0]} != {other}).to({bottoms[0]}.dtype)")
