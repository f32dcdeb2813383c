"""Concat with ``per_fla_fuse``, of intel's fork: SSD's Permute, Flatten and Concat of several maps in one layer."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Concat", when=lambda spec: spec.message.concat_param.per_fla_fuse)
class FlattenedConcat(Layer):
    """Maps (N, C, H, W) of any sizes to (N, count, 1, 1): each in the order height, width, channel, one after another."""

    n_bottoms = at_least(1)
    refuses_inplace = True
    fresh_output = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.concat_param
        if (param.concat_dim if param.HasField("concat_dim") else param.axis) not in (1, -3):
            raise spec.refuse("has `per_fla_fuse`, which joins maps along axis 1 only", "concat_param", "per_fla_fuse")
        for index, shape in enumerate(shapes):
            check_axes(spec, shapes, 4, index)
            if shape[0] != shapes[0][0]:
                raise refuse_shapes(spec, shapes, index, "their batches must be equal")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], sum(math.prod(shape[1:]) for shape in bottoms), 1, 1)]

    def forward(self, *bottoms: Tensor) -> Tensor:
        return torch.cat([x.permute(0, 2, 3, 1).flatten(1) for x in bottoms], 1)[..., None, None]

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        parts = ", ".join(f"{x}.permute(0, 2, 3, 1).flatten(1)" for x in bottoms)
        return TorchCode(f"torch.cat(({parts},), 1)[..., None, None]")
