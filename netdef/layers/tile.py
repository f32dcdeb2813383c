"""Tile: repeat a blob along an axis."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Tile")
class Tile(Layer):
    """The bottom ``tiles`` times, one copy after another along ``axis`` (1 by default)."""

    fresh_output = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, n_axes = spec.message.tile_param, len(shapes[0])
        check_positive(spec, param.tiles, "tile_param", "tiles")
        axis = canonical_axis(spec, param.axis, n_axes, "tile_param", "axis")
        self.repeats = tuple(param.tiles if i == axis else 1 for i in range(n_axes))

    def forward(self, x: Tensor) -> Tensor:
        return x.repeat(self.repeats)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.repeat({self.repeats})")
