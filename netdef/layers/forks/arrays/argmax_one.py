"""ArgMaxOne: where numbers are greatest. Of YutingZhang's fork."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("ArgMaxOne")
class ArgMaxOne(Layer):
    """Index of the greatest number along ``axis``, of equals the least, as a float. The axis goes, unless it is the only one."""

    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.axis = canonical_axis(spec, spec.message.argmax_one_param.axis, len(shapes[0]), "argmax_one_param", "axis")
        self.keeps_axis = len(shapes[0]) == 1

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        left = tuple(size for axis, size in enumerate(bottoms[0]) if axis != self.axis)
        return [(1,) if self.keeps_axis else left]

    def forward(self, x: Tensor) -> Tensor:
        return x.detach().argmax(self.axis, keepdim=self.keeps_axis).to(x.dtype)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        return TorchCode(f"{x}.argmax({self.axis}, keepdim={self.keeps_axis}).to({x}.dtype)")
