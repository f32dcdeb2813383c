"""Slope: two maps of the places' rows and columns after the channels. Of happynear's fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Slope")
class Slope(Layer):
    """(N, C, H, W) and two more channels: the row over H, and the column over W."""

    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        items, channels, *size = bottoms[0]
        return [(items, channels + 2, *size)]

    def forward(self, x: Tensor) -> Tensor:
        return with_places(x)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"with_places({bottoms[0]})", functions=(with_places,))


def with_places(x: Tensor) -> Tensor:
    """The planes, and after them the row and the column of each place, both from 0 up to, but without, 1."""
    items, _, height, width = x.shape
    row, column = (torch.arange(n, device=x.device, dtype=x.dtype) / n for n in (height, width))
    return torch.cat([x, row[:, None].expand(items, 1, height, width), column.expand(items, 1, height, width)], 1)
