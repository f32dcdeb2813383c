"""SpatialSoftmax, SoftAttention and GaussianAttention: weights over the places of a map. Of caffe_latte (fireae)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_at_least, check_axes, check_least_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("SpatialSoftmax")
class SpatialSoftmax(Layer):
    """The softmax of each map, the last two axes, of values over ``temperature``."""

    keeps_shape = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        self.temperature: float = spec.message.spatial_softmax_param.temperature
        check_above_zero(spec, self.temperature, "spatial_softmax_param", "temperature")

    def forward(self, x: Tensor) -> Tensor:
        return (x / self.temperature).flatten(-2).softmax(-1).reshape(x.shape)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        return TorchCode(f"({x} / {number(self.temperature)}).flatten(-2).softmax(-1).reshape({x}.shape)")


@register("SoftAttention")
class SoftAttention(Layer):
    """Sums of maps (N, C, H, W) over places by weights (N, 1, H, W), times a number for each item: (N, C, 1, 1).

    The gradient of that number is the true one; the fork divides by it, and has none where it is 0.
    """

    n_bottoms = exactly(3)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        n, _, *plane = shapes[0]
        if shapes[1] != (n, 1, *plane):
            raise refuse_shapes(spec, shapes, 1, "the second has a weight for each place")
        if math.prod(shapes[2]) != n:
            raise refuse_shapes(spec, shapes, 2, "the third has a number for each item")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][:2], 1, 1)]

    def forward(self, x: Tensor, weights: Tensor, factors: Tensor) -> Tensor:
        return (x * weights).sum((2, 3), keepdim=True) * factors.reshape(-1, 1, 1, 1)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, weights, factors = bottoms
        return TorchCode(f"({x} * {weights}).sum((2, 3), keepdim=True) * {factors}.reshape(-1, 1, 1, 1)")


@register("GaussianAttention")
class GaussianAttention(Layer):
    """Maps (N, C, H, W) by normal densities of deviation ``sigma`` about points (N, _, L, _), of 2 L numbers an item.

    A point is x and y, from -1 at the first column or row to 1 at the last; numbers beyond count as these, and get their
    gradient. Each point is that of C / L channels in a row.
    """

    n_bottoms = exactly(2)
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.sigma: float = spec.message.gaussian_attention_param.sigma
        check_at_least(spec, self.sigma, 0.1, "gaussian_attention_param", "sigma")
        check_axes(spec, shapes, 4)
        (n, channels, height, width), points = shapes
        count = points[2] if len(points) > 2 else 1
        if points[:1] != (n,) or math.prod(points) != 2 * n * count or not count or channels % count:
            raise refuse_shapes(spec, shapes, 1, "the second has two numbers for each of its rows, axis 2, whose number divides "
                                "the channels")
        if min(height, width) < 2:
            raise spec.refuse(f"wants at least two rows and columns; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        self.points = count

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [bottoms[0]]

    def forward(self, x: Tensor, points: Tensor) -> Tensor:
        return gaussian_attention(x, points.reshape(len(x), self.points, 2), self.sigma)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, points = bottoms
        return TorchCode(f"gaussian_attention({x}, {points}.reshape(len({x}), {self.points}, 2), {number(self.sigma)})",
                         functions=(gaussian_attention,))


def gaussian_attention(x: Tensor, points: Tensor, sigma: float) -> Tensor:
    """x (N, C, H, W) times normal densities about points (N, L, 2) in -1 to 1, each for C / L channels."""
    points = points + (points.clamp(-1, 1) - points).detach()
    densities = []
    for axis, size in ((1, x.shape[2]), (0, x.shape[3])):
        places = torch.linspace(-1, 1, size, dtype=x.dtype, device=x.device)
        away = (places - points[:, :, axis, None]) / sigma
        densities.append((-away * away / 2).exp() / (sigma * (2 * torch.pi) ** 0.5))
    mask = densities[0][..., None] * densities[1][:, :, None]
    return x * mask.repeat_interleave(x.shape[1] // points.shape[1], 1)
