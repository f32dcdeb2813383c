"""PowerFile: numbers of a file that are added to every item. Of a fork for spatial transformers (daerduoCarey)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.fillers import constant
from netdef.layers.core.patterns import from_file
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("PowerFile")
class PowerFile(Layer):
    """``x + shift`` with a number of ``shift_file`` for each number of an item; without a file, x.

    The file is a text. One with fewer numbers than an item is an error; the fork takes 0 for those that are missing.
    """

    keeps_shape = True
    shift: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        file = spec.message.power_file_param.shift_file
        self.add_constant("shift", (math.prod(shapes[0][1:]),), from_file(spec, file) if file else constant(0.0))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.shift.to(x.dtype).reshape(x.shape[1:])
