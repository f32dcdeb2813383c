"""DiceCoefLoss: how little two maps overlap (Milletari et al. 2016), as in several forks."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_at_least, check_least_axes
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("DiceCoefLoss")
class DiceCoefLoss(PairLoss):
    """``1 - (2 sum a b + s) / (sum a^2 + sum b^2 + s)``, s ``smooth``, the mean over items.

    In jolibrain's fork it takes class numbers; with a ``generalization`` of that fork it is another class.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        self.smooth: float = spec.message.dice_coef_loss_param.smooth
        check_at_least(spec, self.smooth, 0, "dice_coef_loss_param", "smooth")

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        a, b = a.flatten(1), b.flatten(1).to(a.dtype)
        both = 2 * (a * b).sum(1) + self.smooth
        return (1 - both / (a.square().sum(1) + b.square().sum(1) + self.smooth)).mean()
