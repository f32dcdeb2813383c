"""ICNetSubgraph: means over four grids, of ICNet, from Synopsys' fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

GRIDS = ((33, 65), (33, 65)), ((17, 33), (16, 32)), ((13, 25), (10, 20)), ((8, 15), (5, 10))
"""Kernel and stride of each mean, height and width."""


@register("ICNetSubgraph")
class ICNetSubgraph(Layer):
    """The bottom, and on it its means over windows of `GRIDS`, each resized to the bottom's planes with corners kept.

    It stands for the four Poolings, Interps and the sum of ICNet (Zhao et al. 2018) for Cityscapes, whose planes there are of
    33 x 65; of other planes, too, the last window of a row may reach over the end and is the mean of what is inside.
    """

    keeps_shape = True
    fresh_output = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        if any(size <= kernel - stride for kernels, strides in GRIDS
               for size, kernel, stride in zip(shapes[0][2:], kernels, strides)):
            raise spec.refuse(f"wants planes of at least 4 x 6; its bottom has shape {shapes[0]}", "bottom", 0)

    def forward(self, x: Tensor) -> Tensor:
        return with_means(x, GRIDS)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"with_means({bottoms[0]}, {GRIDS})", functions=(with_means,))


def with_means(x: Tensor, grids: tuple) -> Tensor:
    """Planes and their means over windows of each kernel and stride, resized to the planes, added."""
    top = x
    for kernel, stride in grids:
        means = F.avg_pool2d(x, kernel, stride, ceil_mode=True)
        top = top + F.interpolate(means, x.shape[2:], mode="bilinear", align_corners=True)
    return top
