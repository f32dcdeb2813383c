"""Render: room for a picture of CMU's fork for poses in real time (Cao et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "render_param"


@register("Render")
class Render(Layer):
    """(N, C, H, W) to zeros (N, num_output, H, W), which the fork's program draws on after a pass. No gradient."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        self.maps: int = spec.message.render_param.num_output
        check_positive(spec, self.maps, PARAM, "num_output")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        items, _, *plane = bottoms[0]
        return [(items, self.maps, *plane)]

    def forward(self, x: Tensor) -> Tensor:
        return x.new_zeros(x.shape[0], self.maps, *x.shape[2:])

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        return TorchCode(f"{x}.new_zeros({x}.shape[0], {self.maps}, *{x}.shape[2:])")
