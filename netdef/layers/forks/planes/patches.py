"""Division and Box cut planes into patches, Combination and Splice put patches together.

Of JAA-Net (Shao et al. 2018) and DRML (Zhao et al. 2016).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_same_shape, check_sizes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


def _corners(spec: LayerDefinition, param: str, count: int, name: str) -> list[tuple[int, int]]:
    """The row and the column of the first pixel of each patch."""
    message = getattr(spec.message, param)
    for field in ("xcoord", "ycoord"):
        if len(getattr(message, field)) != count:
            raise spec.refuse(f"has {count} {name} and {len(getattr(message, field))} numbers in `{field}`; it wants one each",
                              param)
    return list(zip(message.ycoord, message.xcoord, strict=True))


@register("Division")
class Division(Layer):
    """Patches (N, channels, height, width) of a plane, a top for each: from row ``ycoord`` and column ``xcoord`` on."""

    n_tops = at_least(1)
    param = "division_param"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param = getattr(spec.message, self.param)
        self.size: tuple[int, int] = (param.height, param.width)
        check_sizes(spec, "`height` and `width`", self.size, self.param)
        self.corners = _corners(spec, self.param, len(spec.tops), "tops")
        for row, column in self.corners:
            if row + self.size[0] > shapes[0][2] or column + self.size[1] > shapes[0][3]:
                raise spec.refuse(f"cuts {self.size[0]} x {self.size[1]} pixels from row {row}, column {column} of a plane of "
                                  f"{shapes[0][2]} x {shapes[0][3]}", self.param)

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, ...]:
        height, width = self.size
        tops = tuple(x[:, :, row : row + height, column : column + width].clone() for row, column in self.corners)
        return tops if len(tops) > 1 else tops[0]


@register("Box")
class Box(Division):
    """`Division` of DRML's fork. There the gradient of the last patch stands where patches overlap; here they add up.

    From the second item of a batch on the fork takes values of other channels, which is not done here.
    """

    param = "box_param"


@register("Combination")
class Combination(Layer):
    """A plane of patches, its bottoms, each from row ``ycoord`` and column ``xcoord`` on. The last patch ends at its last pixel.

    What no patch covers is 0; where patches overlap the later one counts.
    """

    n_bottoms = at_least(1)
    param = "combination_param"
    size_reason = ", where the last patch ends"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for index in range(len(shapes)):
            check_axes(spec, shapes, 4, index)
        self.corners = _corners(spec, self.param, len(shapes), "bottoms")
        self.size = self._size(shapes)
        batch = shapes[-1][:2]
        for index, shape in enumerate(shapes):
            if tuple(shape[:2]) != tuple(batch):
                raise refuse_shapes(spec, shapes, index, "their items and channels must agree")
            row, column = self.corners[index]
            if row + shape[2] > self.size[0] or column + shape[3] > self.size[1]:
                raise spec.refuse(f"puts {shape[2]} x {shape[3]} pixels at row {row}, column {column} of a plane of "
                                  f"{self.size[0]} x {self.size[1]}{self.size_reason}", "bottom", index)

    def _size(self, shapes: Sequence[Shape]) -> tuple[int, int]:
        """Height and width of the plane."""
        (row, column), (height, width) = self.corners[-1], shapes[-1][2:]
        return row + height, column + width

    def forward(self, *patches: Tensor) -> Tensor:
        top = patches[0].new_zeros(*patches[0].shape[:2], *self.size)
        for patch, (row, column) in zip(patches, self.corners, strict=True):
            top[:, :, row : row + patch.shape[2], column : column + patch.shape[3]] = patch
        return top


@register("Splice")
class Splice(Combination):
    """A `Combination` of patches of one shape, of DRML's fork: each side is that of a patch times the root of their number.

    From the second item of a batch on the fork fills other channels, which is not done here.
    """

    param = "splice_param"
    size_reason = ", the size of a patch times the root of their number"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_shape(spec, shapes)

    def _size(self, shapes: Sequence[Shape]) -> tuple[int, int]:
        root = math.sqrt(len(shapes))
        return int(shapes[0][2] * root), int(shapes[0][3] * root)
