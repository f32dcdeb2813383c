"""Tile: repeat a blob along an axis."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Tile")
class Tile(Layer):
    """The bottom ``tiles`` times, one copy after another along ``axis`` (1 by default).

    From YutingZhang's fork: each copy times its ``coeff``, if there are any.
    """

    fresh_output = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, n_axes = spec.message.tile_param, len(shapes[0])
        check_positive(spec, param.tiles, "tile_param", "tiles")
        axis = canonical_axis(spec, param.axis, n_axes, "tile_param", "axis")
        self.factors = tuple(param.coeff)
        if self.factors and len(self.factors) != param.tiles:
            raise spec.refuse(f"gives `coeff` {len(self.factors)} times for {param.tiles} copies", "tile_param", "coeff", 0)
        self.axis = axis
        self.repeats = tuple(param.tiles if i == axis else 1 for i in range(n_axes))

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x * factor for factor in self.factors], self.axis) if self.factors else x.repeat(self.repeats)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.factors:
            return TorchCode(f"torch.cat([{bottoms[0]} * factor for factor in {self.factors}], {self.axis})")
        return TorchCode(f"{bottoms[0]}.repeat({self.repeats})")
