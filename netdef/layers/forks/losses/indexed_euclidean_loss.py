"""EuclideanLossWithIndex: the squared distance of one number of each row. Of ducha-aiki's fork."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_same_count, refuse_shapes
from netdef.layers.core.labels import check_classes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("EuclideanLossWithIndex")
class EuclideanLossWithIndex(Layer):
    """``sum((t - x[index])^2) / (2 N)``: of each row of x, bottom 2, one number counts. The first bottom is N indices, then N t.

    As the fork finds it at the place N times the row's number, plus the index, rows must have N numbers.
    """

    n_bottoms = exactly(3)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_count(spec, shapes[:2])
        count = math.prod(shapes[0])
        if math.prod(shapes[2]) != count**2:
            raise refuse_shapes(spec, shapes, 2, f"it must have {count} rows of {count} numbers, as many as there are indices")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, index: Tensor, targets: Tensor, x: Tensor) -> Tensor:
        index = index.detach().long().reshape(-1, 1)
        check_classes(self, index, len(index))
        chosen = x.reshape(len(index), -1).gather(1, index).flatten()
        return (targets.detach().flatten() - chosen).square().sum() / (2 * len(index))
