"""NormLoss: how large the numbers of a blob are. Of YutingZhang's fork."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least, check_least_axes
from netdef.layers.core.loss_normalizer import Normalizer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("NormLoss")
class NormLoss(Layer):
    """``sum |x|``, L1, or ``sum |x|^p / p``, L2 and Lp, over the number of items.

    ``normalization`` of ``loss_param``: FULL divides by the number of values, VALID and BATCH_SIZE by that of items, NONE by 1.
    The fork's gradient for p other than 1 and 2 works on memory that it has overwritten; here it is the true one.
    """

    n_bottoms = exactly(1)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 1)
        param = spec.message.norm_loss_param
        self.power: float = {param.L1: 1.0, param.L2: 2.0, param.Lp: param.p}[param.type]
        check_at_least(spec, self.power, 1, "norm_loss_param", "p")
        self.normalizer = Normalizer(spec, default="BATCH_SIZE")
        if self.normalizer.mode == "VALID":
            self.normalizer.mode = "BATCH_SIZE"

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor) -> Tensor:
        losses = x.square() / 2 if self.power == 2 else x.abs().pow(self.power) / self.power
        return self.normalizer.reduce(losses, len(x), None)
