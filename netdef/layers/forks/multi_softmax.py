"""MultiSoftmax: a softmax over channels at each place. Of xiaolonw's and Arroosh's forks, which had no other for places."""

from __future__ import annotations

from collections.abc import Sequence

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.softmax import Softmax


@register("MultiSoftmax")
class MultiSoftmax(Softmax):
    """`Softmax` of (N, C, H, W) over axis 1."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
