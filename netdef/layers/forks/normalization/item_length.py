"""NormL2 and NormalizationL2: items of length 1, of forks of face and vehicle recognition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.forks.weights.compact_bilinear import unit_items


class _UnitItems(Layer):
    """The base of both: ``x / sqrt(sum x^2 + small)``, the sum over all numbers of an item."""

    keeps_shape = True
    family = "norm"
    needs_float32 = True  # squares overflow float16
    small: ClassVar[float]

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)

    def forward(self, x: Tensor) -> Tensor:
        return unit_items(x, self.small)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"unit_items({bottoms[0]}, {self.small})", functions=(unit_items,))


@register("NormL2")
class NormL2(_UnitItems):
    """`_UnitItems` of SeqFace (Hu et al. 2018)."""

    small = 1e-7


@register("NormalizationL2")
class NormalizationL2(_UnitItems):
    """`_UnitItems` of RAM (Liu et al. 2018), as on a GPU there."""

    small = 1e-10
