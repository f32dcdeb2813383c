"""Grid, NegSquare, ExpMax and Warp of LiteFlowNet (Hui et al. 2018), twhui's fork."""

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
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("Grid")
class Grid(Layer):
    """(N, 2, H, W): x and y of each place of the bottom (N, C, H, W), of which only the sizes are read. No gradient."""

    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], 2, *bottoms[0][2:])]

    def forward(self, x: Tensor) -> Tensor:
        return places_of(x)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"places_of({bottoms[0]})", functions=(places_of,))


def places_of(x: Tensor) -> Tensor:
    """x and y of each place: (N, 2, H, W)."""
    height, width = x.shape[2:]
    across = torch.arange(width, dtype=x.dtype, device=x.device).expand(height, width)
    down = torch.arange(height, dtype=x.dtype, device=x.device)[:, None].expand(height, width)
    return torch.stack((across, down)).expand(x.shape[0], 2, height, width)


@register("NegSquare")
class NegSquare(Layer):
    """``-x^2``. The exact gradient; the fork's multiplies by whatever the gradient's memory held before."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def forward(self, x: Tensor) -> Tensor:
        return -x * x

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"-{bottoms[0]} * {bottoms[0]}")


@register("ExpMax")
class ExpMax(Layer):
    """``base^(shift + scale (x - m))``, m the greatest of all channels at a place, whose gradient is left out. ``base`` -1 is e.

    The fork finds m for the first item alone; here each has its own.
    """

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        param = spec.message.expmax_param
        if param.base != -1 and not param.base > 0:
            raise spec.refuse(f"has `base` {param.base:g}; it must be above 0, or -1 for e", "expmax_param", "base")
        log_base = 1.0 if param.base == -1 else math.log(param.base)
        self.inner, self.outer = log_base * param.scale, math.exp(log_base * param.shift)

    def forward(self, x: Tensor) -> Tensor:
        return ((x - x.detach().amax(1, keepdim=True)) * self.inner).exp() * self.outer

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        return TorchCode(f"(({x} - {x}.amax(1, keepdim=True)) * {number(self.inner)}).exp() * {number(self.outer)}")


@register("Warp", when=lambda spec: spec.message.flow_warp_param.at_places)
class WarpToPlaces(Layer):
    """The image (N, C, H, W) sampled at places (N, 2, H, W), x and y in pixels, 0 outside.

    Values between places are interpolated linearly, where those outside count as 0. The definition of a net marks the layers of
    type Warp that are LiteFlowNet's: ``at_places``.
    """

    n_bottoms = exactly(2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        image, places = shapes
        check_axes(spec, shapes, 4)
        if places != (image[0], 2, *image[2:]):
            raise refuse_shapes(spec, shapes, 1, "the places must be as large, with 2 channels")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return bottoms[:1]

    def forward(self, image: Tensor, places: Tensor) -> Tensor:
        return values_at(image, places)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"values_at({', '.join(bottoms)})", functions=(values_at,))


def values_at(image: Tensor, places: Tensor) -> Tensor:
    """An image (N, C, H, W) at places (N, 2, H, W), linearly between four pixels, 0 for those outside."""
    height, width = image.shape[2:]
    x, y = places[:, :1], places[:, 1:]
    total = torch.zeros_like(image)
    for column, row in [(x.floor() + right, y.floor() + down) for down in (0, 1) for right in (0, 1)]:
        inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        index = row.clamp(0, height - 1) * width + column.clamp(0, width - 1)
        index = index.long().flatten(2).expand(-1, image.shape[1], -1)
        share = (1 - (x - column).abs()) * (1 - (y - row).abs()) * inside
        total = total + image.flatten(2).gather(2, index).reshape(image.shape) * share
    return total
