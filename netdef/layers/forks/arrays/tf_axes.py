"""ExpandDimsND, Unstack, Stack, BroadcastTo, TileND and Shape, TensorFlow's, from Synopsys' fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_same_shape, check_sizes
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


@register("Stack")
class Stack(Layer):
    """The bottoms, of one shape, along a new ``axis`` (0 by default), -1 behind the last. The fork has no gradient of it."""

    n_bottoms = at_least(1)
    refuses_inplace = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_shape(spec, shapes)
        axis, n_axes = spec.message.stack_param.axis, len(shapes[0]) + 1
        if not -n_axes <= axis < n_axes:
            raise spec.refuse(f"puts in axis {axis}; its top has {n_axes} axes", "stack_param", "axis")
        self.axis: int = axis % n_axes

    def forward(self, *bottoms: Tensor) -> Tensor:
        return torch.stack(bottoms, self.axis)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"torch.stack(({', '.join(bottoms)},), {self.axis})")


@register("BroadcastTo")
class BroadcastTo(Layer):
    """The bottom in the ``shape`` of the text: axes of size 1 are repeated, and more axes come before it.

    The fork has no gradient of it; here it has its own.
    """

    refuses_inplace = True
    fresh_output = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.shape = tuple(spec.message.broadcast_to_param.shape)
        last = self.shape[len(self.shape) - len(shapes[0]) :]
        fits = len(self.shape) >= len(shapes[0]) and all(a in (1, b) for a, b in zip(shapes[0], last))
        if not fits or 0 in self.shape:
            raise spec.refuse(f"makes a shape of {self.shape} of a bottom of shape {shapes[0]}; sizes of its last axes must "
                              "agree, or be 1 in the bottom", "broadcast_to_param", "shape")

    def forward(self, x: Tensor) -> Tensor:
        return x.expand(self.shape).clone(memory_format=torch.contiguous_format)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.expand({self.shape})")


@register("TileND")
class TileND(Layer):
    """The bottom ``multiples`` times, one number for each axis. The fork has no gradient of it; here it has its own."""

    refuses_inplace = True
    fresh_output = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.multiples = tuple(spec.message.tile_nd_param.multiples)
        if len(self.multiples) != len(shapes[0]):
            raise spec.refuse(f"has {len(self.multiples)} `multiples`, and a bottom of {len(shapes[0])} axes", "tile_nd_param")
        check_sizes(spec, "`multiples`", self.multiples, "tile_nd_param", "multiples")

    def forward(self, x: Tensor) -> Tensor:
        return x.repeat(self.multiples)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.repeat({self.multiples})")


@register("Shape")
class ShapeOf(Layer):
    """The sizes of the bottom's axes, a blob of one axis. No gradient."""

    refuses_inplace = True

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(len(bottoms[0]),)]

    def forward(self, x: Tensor) -> Tensor:
        return torch.tensor(x.shape, dtype=x.dtype, device=x.device)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        return TorchCode(f"torch.tensor({x}.shape, dtype={x}.dtype, device={x}.device)")
