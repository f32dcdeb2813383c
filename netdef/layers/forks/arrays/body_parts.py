"""PS: an image of a person in four bands from head to foot. Of Person-Re-ID (sanpingzhou)."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("PS")
class PersonSplit(Layer):
    """(N, C, H, W) to four tops of H / 4 rows each, rounded down; the last has the rest, too.

    The fork gives the last band no gradient, and mixes its rows where 4 does not divide H; here both are as meant.
    """

    n_tops = exactly(4)
    family = "shape"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        if shapes[0][2] < 4:
            raise spec.refuse(f"wants a bottom of at least 4 rows; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        n, channels, height, width = bottoms[0]
        return [(n, channels, rows, width) for rows in _rows(height)]

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        return tuple(part.clone() for part in x.split(_rows(x.shape[2]), 2))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.split({_rows(bottoms[0].shape[2])}, 2)")


def _rows(height: int) -> list[int]:
    """The rows of each band."""
    return [height // 4] * 3 + [height - 3 * (height // 4)]
