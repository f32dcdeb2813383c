"""Gram and Covariance: the products of an image's maps with one another, of happynear's fork (Gatys et al. 2015)."""

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


@register("Gram")
class Gram(Layer):
    """(N, C, H, W) to (N, C, C, 1): the sum over places of two channels' product, over C H W. GuohongWu's GramMat, too."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        items, channels = bottoms[0][:2]
        return [(items, channels, channels, 1)]

    def forward(self, x: Tensor) -> Tensor:
        return gram(x)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"gram({bottoms[0]})", functions=(gram,))


def gram(x: Tensor) -> Tensor:
    """The mean product of each two channels over places, over the number of channels."""
    flat = x.flatten(2)
    return (flat @ flat.transpose(1, 2) / (flat.shape[1] * flat.shape[2]))[..., None]


@register("Covariance")
class Covariance(Gram):
    """The same under its first name, with the gradient that it had then: that of a product goes to its first channel alone."""

    def forward(self, x: Tensor) -> Tensor:
        flat = x.flatten(2)
        fixed = flat.detach()
        squares = (fixed * flat).sum(2)
        products = flat @ fixed.transpose(1, 2) + torch.diag_embed(squares - squares.detach())
        return (products / (flat.shape[1] * flat.shape[2]))[..., None]
