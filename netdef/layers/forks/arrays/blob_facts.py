"""GetDataDim, of dlunion's CC4.0, and InnerProductBlob, of bharatsingh430's Soft-NMS: facts of blobs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_least_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("GetDataDim")
class GetDataDim(Layer):
    """The height and the width of a bottom (N, C, H, W), for each item: (N, 1, 1, 2)."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], 1, 1, 2)]

    def forward(self, x: Tensor) -> Tensor:
        return torch.tensor([float(x.shape[2]), float(x.shape[3])]).to(x).expand(len(x), 1, 1, 2)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        return TorchCode(f"torch.tensor([float({x}.shape[2]), float({x}.shape[3])]).to({x}).expand(len({x}), 1, 1, 2)")


@register("InnerProductBlob")
class InnerProductBlob(Layer):
    """The products of the items of (M, K) with those of (N, K): (M, N, 1, 1). Axes behind have size 1. No gradient."""

    n_bottoms = exactly(2)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for index in range(2):
            check_least_axes(spec, shapes, 2, index)
            if shapes[index][1] != shapes[0][1] or math.prod(shapes[index][2:]) != 1:
                raise refuse_shapes(spec, shapes, index, "they must be (M, K) and (N, K)")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], bottoms[1][0], 1, 1)]

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return (x.detach().flatten(1) @ y.detach().flatten(1).T)[..., None, None]

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"({bottoms[0]}.flatten(1) @ {bottoms[1]}.flatten(1).T)[..., None, None]")
