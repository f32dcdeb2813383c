"""MovingNormalize: items over a running mean of their lengths. Of happynear's fork."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.fillers import constant
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_SMALL = 1e-12
_KEPT = 0.99


@register("MovingNormalize")
class MovingNormalize(Layer):
    """x (N, C) over one number, which gets no gradient: blob ``length``, a running mean of the lengths of items.

    Each training pass moves the blob a hundredth of the way to the mean of its items; the first one, and each pass in TEST before
    it, while the blob is below 0, takes that mean. A second top (1,) has the number. The fork moves it in TEST, too.
    """

    n_tops = between(1, 2)
    family = "norm"
    length: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        if math.prod(shapes[0][2:]) != 1:
            raise spec.refuse(f"wants vectors; `{spec.bottoms[0]}` has shape {shapes[0]}, of which its fork adds up the lengths "
                              "of the first places alone", "bottom", 0)
        self.with_length = len(spec.tops) == 2
        self.add_blob("length", (1,), constant(-1.0), learnable=False)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [bottoms[0], (1,)][: 1 + self.with_length]

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        length = self.length.to(x)
        mean = (x.detach().flatten(1).square().sum(1) + _SMALL).sqrt().mean()
        if self.training:
            length = torch.where(length < 0, mean, _KEPT * length + (1 - _KEPT) * mean)
            with torch.no_grad():
                self.length.copy_(length)
        else:
            length = torch.where(length < 0, mean, length)
        return (x / length, length) if self.with_length else x / length
