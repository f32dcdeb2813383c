"""MergeCrop: two blobs joined or added, the second cut to the size of the first. Of naibaf7's fork, for U-shaped nets."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable

PARAM = "mergecrop_param"


@register("MergeCrop")
class MergeCrop(Layer):
    """(N, C, ...) beside the middle of (N, D, ...), channels side by side: STACK; or their sum, with D = C: ADD.

    An odd margin is larger by one at the end. A bottom with ``forward: false`` counts as zeros, one with ``backward: false``
    gets no gradient; the second by default. The fork joins wrongly if D is greater than C; here it is as meant.
    """

    n_bottoms = exactly(2)
    refuses_inplace = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, (shape, other) = spec.message.mergecrop_param, shapes
        self.stacks = param.operation == param.STACK
        if len(shape) < 3 or len(other) != len(shape) or other[0] != shape[0]:
            raise refuse_shapes(spec, shapes, 1, "it wants planes or volumes of one batch")
        if not self.stacks and other[1] != shape[1]:
            raise refuse_shapes(spec, shapes, 1, "ADD wants equal channels")
        if any(size > room for size, room in zip(shape[2:], other[2:])):
            raise refuse_shapes(spec, shapes, 1, "it cuts the second to the size of the first")
        for field in ("forward", "backward"):
            if len(getattr(param, field)) > 2:
                raise spec.refuse(f"gives `{field}` {len(getattr(param, field))} times for 2 bottoms", PARAM, field, 2)
        self.counts = [*param.forward, *(True, True)[len(param.forward):]]
        self.learns = [*param.backward, *(True, False)[len(param.backward):]]

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        shape, other = bottoms
        return [(shape[0], shape[1] + other[1], *shape[2:])] if self.stacks else [shape]

    def forward(self, x: Tensor, other: Tensor) -> Tensor:
        for axis in range(2, x.ndim):
            other = other.narrow(axis, (other.shape[axis] - x.shape[axis]) // 2, x.shape[axis])
        parts = [self._part(part, index) for index, part in enumerate((x, other))]
        return torch.cat(parts, 1) if self.stacks else parts[0] + parts[1]

    def _part(self, x: Tensor, index: int) -> Tensor:
        """The values of a bottom, or zeros for them, with its gradient or without."""
        x = x if self.learns[index] else x.detach()
        return x if self.counts[index] else x - x.detach()

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if not all(self.counts):
            raise NotWritable("leaves a bottom out")
        x, other = bottoms
        starts = [(room - size) // 2 for size, room in zip(x.shape[2:], other.shape[2:])]
        cuts = ", ".join(f"{start}:{start} + {x}.shape[{axis}]" if start else f":{x}.shape[{axis}]"
                         for axis, start in enumerate(starts, 2))
        part = f"{other}[:, :, {cuts}]"
        return TorchCode(f"torch.cat(({x}, {part}), 1)" if self.stacks else f"{x} + {part}")
