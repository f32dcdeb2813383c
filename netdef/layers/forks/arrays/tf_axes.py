"""ExpandDimsND and Unstack, TensorFlow's, from Synopsys' fork."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("ExpandDimsND")
class ExpandDimsND(Layer):
    """The bottom with an axis of size 1 more for each ``axis``, before that axis of the bottom, or behind it if it is negative.

    The axes are put in one after another in the order of the text, each as many places further as there are before it.
    """

    refuses_inplace = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        n_axes, self.places = len(shapes[0]), []
        for i, axis in enumerate(spec.message.expand_dims_nd_param.axis):
            if axis != n_axes:
                behind = int(axis < 0)
                axis = canonical_axis(spec, axis, n_axes, "expand_dims_nd_param", "axis", i) + behind
            self.places.append(axis + i)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        sizes = list(bottoms[0])
        for place in self.places:
            sizes.insert(place, 1)
        return [tuple(sizes)]

    def forward(self, x: Tensor) -> Tensor:
        for place in self.places:
            x = x.unsqueeze(place)
        return x

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(str(bottoms[0]) + "".join(f".unsqueeze({place})" for place in self.places))


@register("Unstack")
class Unstack(Layer):
    """The first parts of the bottom along ``axis`` (0 by default), a top each, without the axis; there may be fewer tops."""

    n_tops = at_least(1)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        shape, param = shapes[0], spec.message.unstack_param
        self.axis: int = canonical_axis(spec, param.axis, len(shape), "unstack_param", "axis")
        self.parts = len(spec.tops)
        if self.parts > shape[self.axis]:
            raise spec.refuse(f"has {self.parts} tops for axis {self.axis} of size {shape[self.axis]}", "top", shape[self.axis])

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [bottoms[0][: self.axis] + bottoms[0][self.axis + 1 :]] * self.parts

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        return x.unbind(self.axis)[: self.parts]

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        if self.parts == 1:
            return TorchCode(f"{x}.select({self.axis}, 0)")
        return TorchCode(f"{x}.unbind({self.axis})" + ("" if self.parts == x.shape[self.axis] else f"[:{self.parts}]"))
