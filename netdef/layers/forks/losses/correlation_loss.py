"""CorrelationLoss: the mean product of two blobs. Of happynear's fork."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import refuse_shapes
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("CorrelationLoss")
class CorrelationLoss(PairLoss):
    """The mean product of two blobs of one channel. The fork writes its gradient over the blobs themselves; here it is one."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for index, shape in enumerate(shapes):
            if shape[1:2] != (1,):
                raise refuse_shapes(spec, shapes, index, "both have one channel")

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return (a * b.reshape(a.shape)).mean()
