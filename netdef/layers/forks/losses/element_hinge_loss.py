"""ElementHingeLoss: predictions that fall short of labels near 0 or 1. Of vzhangmeng726's fork."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_same_shape
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("ElementHingeLoss")
class ElementHingeLoss(PairLoss):
    """By how much x is below labels t above 0.5, or above those below 0.5: the sum, L1, or half the sum of squares, L2, over N.

    ``scale_loss`` divides by the number of places, too. The gradient of L2 is twice the derivative, as in the fork.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_shape(spec, shapes)
        param = spec.message.element_hinge_loss_param
        self.squared = param.norm == param.L2
        self.divisor = shapes[0][0] * (math.prod(shapes[0][2:]) if param.scale_loss else 1)

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        t = t.detach()
        sign = (0.5 - t).sign()
        short = (sign * (x - t)).clamp(min=0).detach()
        if self.squared:
            return with_gradient(short.square().sum() / 2 / self.divisor, x, 2 * sign * short / self.divisor)
        return with_gradient(short.sum() / self.divisor, x, sign * short.sign() / self.divisor)
