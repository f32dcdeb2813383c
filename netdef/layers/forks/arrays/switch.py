"""Switch: one of its bottoms. Of limuhit's Caffe_Gan."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_same_shape
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Switch")
class Switch(Layer):
    """A copy of bottom ``selected``, the first unless a script sets the attribute: ``net.layers["switch"].selected = 1``."""

    n_bottoms = at_least(1)
    keeps_shape = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_shape(spec, shapes)
        self.selected = 0

    def forward(self, *bottoms: Tensor) -> Tensor:
        return bottoms[self.selected].clone()

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(bottoms[self.selected])
