"""Topography: sums over neighbouring channels on a torus. Of pulkitag's fork, where it is a V1 type."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, check_same_shape
from netdef.layers.core.fillers import filler
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "topography_param"


@register("Topography")
class Topography(Layer):
    """(N, C, H, W) to the same shape: the channels of a group, row by row a square, convolved with a kernel that goes round.

    Blob: the ``weight`` (1, 1, kernel_size, kernel_size) of all places and groups. With ``is_gaussian_topo`` it begins as a
    normal density of deviation ``gaussian_sd``, with a sum of 1; else ``weight_filler`` fills it. Without ``smooth_output`` the
    top is the bottom, and the gradients are still those of the convolution, as in the fork.
    """

    n_bottoms = at_least(1)
    n_tops = at_least(1)
    equal_bottoms_tops = True
    keeps_shape = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.topography_param
        check_axes(spec, shapes, 4)
        check_same_shape(spec, shapes)
        self.kernel, self.group = param.kernel_size, param.group
        if self.kernel % 2 == 0:
            raise spec.refuse(f"has `kernel_size` {self.kernel}; it must be odd", PARAM)
        check_positive(spec, self.group, PARAM, "group")
        self.side = math.isqrt(shapes[0][1] // self.group)
        if self.side**2 * self.group != shapes[0][1]:
            raise spec.refuse(f"has {shapes[0][1]} channels in {self.group} groups; those of a group must make a square", PARAM)
        self.smooths: bool = param.smooth_output
        fill = filler(spec, PARAM, "weight_filler", shape=(1, 1, self.kernel, self.kernel))
        if param.is_gaussian_topo:
            if param.gaussian_sd <= 0:
                raise spec.refuse(f"has `gaussian_sd` {param.gaussian_sd:g}; it must be above 0", PARAM)
            deviation: float = param.gaussian_sd

            def fill(weight: Tensor) -> None:
                weight.copy_(density(weight.shape[-1], deviation))
        self.add_blob("weight", (1, 1, self.kernel, self.kernel), fill)

    def forward(self, *bottoms: Tensor) -> tuple[Tensor, ...]:
        sums = [sum_on_torus(x, self.blob("weight"), self.group, self.side) for x in bottoms]
        return tuple(sums if self.smooths else (with_gradient(x, top, torch.ones_like(top)) for top, x in zip(sums, bottoms)))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        blob = self.to_torch()["weight"]
        if not self.smooths:
            return TorchCode(", ".join(f"{x}.clone()" for x in bottoms))
        made = {"_weight": f"nn.Parameter(torch.zeros({tuple(blob.shape)}))"}
        calls = ", ".join(f"sum_on_torus({x}, {me}_weight, {self.group}, {self.side})" for x in bottoms)
        return TorchCode(calls, made, {"_weight": {"": blob}}, (sum_on_torus,))


def sum_on_torus(x: Tensor, weight: Tensor, group: int, side: int) -> Tensor:
    """Sums over channels near each other, in groups of side x side channels whose opposite sides touch."""
    channels = x.reshape(x.shape[0], group, side, side, *x.shape[2:])
    middle = weight.shape[-1] // 2
    top = torch.zeros_like(channels)
    for row in range(weight.shape[-1]):
        for column in range(weight.shape[-1]):
            top = top + weight[0, 0, row, column] * channels.roll((middle - row, middle - column), (2, 3))
    return top.reshape(x.shape)


def density(size: int, deviation: float) -> Tensor:
    """A normal density about the middle of size x size places, with a sum of 1."""
    places = torch.arange(size).double() - size // 2
    one = (-(places**2) / (2 * deviation**2)).exp()
    both = one[:, None] * one
    return both / both.sum()
