"""Accum: maps of different sizes resized and joined, of FlowNet 2 (Ilg et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "accum_param"


@register("Accum")
class Accum(Layer):
    """The channels of all bottoms one behind the other, interpolated to one size, corners at corners.

    It is the greatest height and the greatest width of the bottoms, or ``top_height`` and ``top_width`` if both are greater;
    with ``size_divisible_by``, which replaces them, the next multiple of it, if both sides grow. With ``have_reference`` it is
    the size of the last bottom, which is not joined.
    """

    n_bottoms = at_least(1)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.accum_param
        for index, shape in enumerate(shapes):
            check_axes(spec, shapes, 4, index)
            if shape[0] != shapes[0][0] and not (param.have_reference and index == len(shapes) - 1):
                raise refuse_shapes(spec, shapes, index, "all must have as many images")
        self.reference: bool = param.have_reference
        if self.reference and len(shapes) < 2:
            raise spec.refuse("has one bottom, which `have_reference` takes for the size", "bottom")
        self.multiple = param.size_divisible_by
        if param.HasField("size_divisible_by"):
            check_positive(spec, self.multiple, PARAM, "size_divisible_by")
        self.fixed = param.top_height, param.top_width

    def size(self, shapes: Sequence[Sequence[int]]) -> tuple[int, int]:
        """The height and width of the top."""
        if self.reference:
            return shapes[-1][2], shapes[-1][3]
        height, width = (max(shape[axis] for shape in shapes) for axis in (2, 3))
        wanted = self.fixed
        if self.multiple:
            wanted = -(-height // self.multiple) * self.multiple, -(-width // self.multiple) * self.multiple
        return wanted if wanted[0] > height and wanted[1] > width else (height, width)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        joined = bottoms[:-1] if self.reference else bottoms
        return [(bottoms[0][0], sum(shape[1] for shape in joined), *self.size(bottoms))]

    def forward(self, *bottoms: Tensor) -> Tensor:
        size = self.size([x.shape for x in bottoms])
        return joined_maps(list(bottoms[:-1] if self.reference else bottoms), size)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        joined = ", ".join(bottoms[:-1] if self.reference else bottoms)
        return TorchCode(f"joined_maps([{joined}], {self.size([x.shape for x in bottoms])})", functions=(joined_maps,))


def joined_maps(maps: list, size: tuple) -> Tensor:
    """The channels of maps, interpolated to a size."""
    return torch.cat([F.interpolate(x, size, mode="bilinear", align_corners=True) for x in maps], 1)
