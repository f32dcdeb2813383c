"""BilinearInterpolation: maps of another size, corner to corner."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("BilinearInterpolation")
class BilinearInterpolation(Layer):
    """(N, C, H, W) to the height and width of a second bottom, values between the four pixels around; corners stay corners.

    Of ctensmeyer's fork (Tensmeyer and Martinez 2017). Other forks give a factor in a message of their own instead.
    """

    n_bottoms = between(1, 2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        if len(shapes) != 2:
            raise spec.refuse("wants a second bottom, of the size of its top; a factor is not implemented", "bottom", 0)
        for index in range(2):
            check_axes(spec, shapes, 4, index)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][:2], *bottoms[1][2:])]

    def forward(self, x: Tensor, like: Tensor) -> Tensor:
        return F.interpolate(x, like.shape[2:], mode="bilinear", align_corners=True)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, like = bottoms
        return TorchCode(f'F.interpolate({x}, {like}.shape[2:], mode="bilinear", align_corners=True)')
