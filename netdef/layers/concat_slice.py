"""Concat, Slice, Split: join blobs along an axis, cut one, copy one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Concat")
class Concat(Layer):
    """The bottoms one after another along ``axis`` (1 by default; ``concat_dim`` is its old name)."""

    n_bottoms = at_least(1)
    refuses_inplace = True  # Caffe writes past the end of the blob
    fresh_output = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.axis = _axis(spec, "concat_param", "concat_dim", shapes[0])
        rest = _without(shapes[0], self.axis)
        for i, shape in enumerate(shapes):
            if len(shape) != len(shapes[0]) or _without(shape, self.axis) != rest:
                raise refuse_shapes(spec, shapes, i, f"they may differ along axis {self.axis} only")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [_resized(bottoms[0], self.axis, sum(shape[self.axis] for shape in bottoms))]

    def forward(self, *bottoms: Tensor) -> Tensor:
        return torch.cat(bottoms, self.axis)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(bottoms[0] if len(bottoms) == 1 else f"torch.cat(({', '.join(bottoms)}), dim={self.axis})")


@register("Slice")
class Slice(Layer):
    """The bottom cut along ``axis`` (1 by default; ``slice_dim`` is its old name).

    Cut before each ``slice_point``, or into equal parts where none is given. The tops are views of the bottom.
    """

    n_tops = at_least(1)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.slice_param
        self.axis = _axis(spec, "slice_param", "slice_dim", shapes[0])
        size, parts, points = shapes[0][self.axis], len(spec.tops), list(param.slice_point)
        if points and len(points) != parts - 1:
            raise spec.refuse(
                f"has {parts} tops and {len(points)} `slice_point`; it wants one fewer than tops, or none",
                "slice_param", "slice_point")
        for i, point in enumerate(points):
            least = points[i - 1] if i else 0
            if not least < point <= size:
                raise spec.refuse(
                    f"has slice point {point} after {least} on an axis of size {size}; slice points must rise and stay "
                    "within the axis", "slice_param", "slice_point", i)
        if not points and size % parts:
            raise spec.refuse(
                f"cuts axis {self.axis} of size {size} into {parts} tops; without slice points the size must be a "
                "multiple of the number of tops", "top")
        self.cuts: int | list[int] = points or parts

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        shape = bottoms[0]
        if isinstance(self.cuts, int):
            return [_resized(shape, self.axis, shape[self.axis] // self.cuts)] * self.cuts
        return [_resized(shape, self.axis, end - start) for start, end in pairwise([0, *self.cuts, shape[self.axis]])]

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        return torch.tensor_split(x, self.cuts, self.axis)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        cuts = self.cuts if isinstance(self.cuts, int) else tuple(self.cuts)
        return TorchCode(f"torch.tensor_split({bottoms[0]}, {cuts}, dim={self.axis})")


@register("Split")
class Split(Layer):
    """The bottom, as every top."""

    n_tops = at_least(1)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.copies = len(spec.tops)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [bottoms[0]] * self.copies

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        return (x,) * self.copies

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(", ".join([bottoms[0]] * self.copies))


def _axis(spec: LayerDefinition, name: str, old_name: str, shape: Shape) -> int:
    """The axis by either of its names in the message ``name``; the old one counts from the front only."""
    param = getattr(spec.message, name)
    if param.HasField("axis") and param.HasField(old_name):
        raise spec.refuse(f"has both `axis` and its old name `{old_name}`; keep `axis`", name, old_name)
    field = old_name if param.HasField(old_name) else "axis"
    return canonical_axis(spec, getattr(param, field), len(shape), name, field)


def _resized(shape: Shape, axis: int, size: int) -> Shape:
    return (*shape[:axis], size, *shape[axis + 1 :])


def _without(shape: Shape, axis: int) -> Shape:
    return shape[:axis] + shape[axis + 1 :]
