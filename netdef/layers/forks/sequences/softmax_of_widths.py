"""Softmax with a second bottom, of peteanderson80's fork (bottom-up attention, Anderson et al. 2018)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.checks import refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.softmax import Softmax


@register("Softmax", when=lambda spec: len(spec.bottoms) == 2)
class SoftmaxOfWidths(Softmax):
    """Softmax over the first numbers along ``axis``; the second bottom says how many, for each softmax. The rest is 0."""

    n_bottoms = exactly(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        if math.prod(shapes[1]) * shapes[0][self.axis] != math.prod(shapes[0]):
            raise refuse_shapes(spec, shapes, 1, "the second has a number for each softmax of the first")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return bottoms[:1]

    def forward(self, x: Tensor, widths: Tensor) -> Tensor:  # type: ignore[override]  # the base has one bottom
        return softmax_of_widths(x, widths, self.axis)

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        return None if index == 0 else torch.randint(1, 3, shape, generator=generator).float()

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"softmax_of_widths({bottoms[0]}, {bottoms[1]}, {self.axis})", functions=(softmax_of_widths,))


def softmax_of_widths(x: Tensor, widths: Tensor, axis: int) -> Tensor:
    """The softmax over the first numbers along an axis; the others become 0."""
    shape = [1 if index == axis else size for index, size in enumerate(x.shape)]
    places = torch.arange(x.shape[axis], device=x.device).reshape([-1 if index == axis else 1 for index in range(x.ndim)])
    return torch.softmax(x.masked_fill(places >= widths.reshape(shape), float("-inf")), axis)
