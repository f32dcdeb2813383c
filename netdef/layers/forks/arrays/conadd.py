"""Conadd and CrossBlobsSum: the sum of blobs. Of busyboxs' and zimenglan's forks."""

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


@register("Conadd")
class Conadd(Layer):
    """The sum of the bottoms, of one shape; a single bottom is passed on.

    The fork takes other shapes, too, and then reads memory that is no longer a bottom's. Its GPU code is this sum; its CPU
    code adds to what an earlier pass left.
    """

    n_bottoms = at_least(1)
    keeps_shape = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_shape(spec, shapes)

    def forward(self, *bottoms: Tensor) -> Tensor:
        top = bottoms[0].clone()
        for bottom in bottoms[1:]:
            top = top + bottom
        return top

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(" + ".join(map(str, bottoms)) if len(bottoms) > 1 else f"{bottoms[0]}.clone()")


@register("CrossBlobsSum")
class CrossBlobsSum(Conadd):
    """The same under its name in zimenglan's fork."""
