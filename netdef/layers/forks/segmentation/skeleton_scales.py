"""Quantize and Rescale: the scales of a skeleton as labels, of zeakey's DeepSkeleton."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "rescale_param"


@register("Quantize")
class Quantize(Layer):
    """The class of a scale: 1 from 1 on, 2 from 12, 3 from 36, 4 from 80; 0 below 1 and from 200 on. No gradient."""

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [bottoms[0]]

    @torch.no_grad()
    def forward(self, x: Tensor) -> Tensor:
        return class_of_scale(x)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"class_of_scale({bottoms[0]})", functions=(class_of_scale,))


def class_of_scale(x: Tensor) -> Tensor:
    """The number of bounds that each value has reached; 0 from 200 on."""
    classes = torch.stack([x >= bound for bound in (1, 12, 36, 80)]).sum(0)
    return torch.where(x < 200, classes, 0).to(x)


@register("Rescale")
class Rescale(Layer):
    """Scales s below ``rf``, the side of what a place sees, as ``2 s / rf - 1``. A second top is 1 there. No gradient.

    Both tops are 0 where s is ``rf`` or more, and where it is within 0.0001 of 0.
    """

    n_tops = between(1, 2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.side: int = spec.message.rescale_param.rf
        check_positive(spec, self.side, PARAM, "rf")
        self.tops = len(spec.tops)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [bottoms[0]] * self.tops

    @torch.no_grad()
    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, ...]:
        seen = (x < self.side) & (x.abs() > 0.0001)
        top = torch.where(seen, 2 * x / self.side - 1, 0)
        return top if self.tops == 1 else (top, seen.to(x))
