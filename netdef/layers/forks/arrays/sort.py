"""Sort: numbers by size, the largest first. Of FuchenUSTC's fork."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Sort")
class Sort(Layer):
    """The numbers of all axes from ``axis`` on together, the largest first, in the bottom's shape."""

    keeps_shape = True
    fresh_output = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.axis = canonical_axis(spec, spec.message.sort_param.axis, len(shapes[0]), "sort_param", "axis")

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(self.axis).sort(self.axis, descending=True).values.view_as(x)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        return TorchCode(f"{x}.flatten({self.axis}).sort({self.axis}, descending=True).values.view_as({x})")
