"""TVLoss: the total variation of maps. Of GuohongWu's fork."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("TVLoss")
class TVLoss(Layer):
    """``sum((dx^2 + dy^2)^(beta / 2))``, the differences of each place from the next ones; the last row and column have none.

    Where both are 0, so is the gradient.
    """

    n_bottoms = exactly(1)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        self.beta: float = spec.message.tv_loss_param.beta

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor) -> Tensor:
        here = x[..., :-1, :-1]
        squares = (here - x[..., :-1, 1:]).square() + (here - x[..., 1:, :-1]).square()
        moves = squares > 0
        return (squares.where(moves, 1) ** (self.beta / 2)).where(moves, 0).sum()
