"""RelevantLoss: differences of coordinates to each other. Of RCC-loss (nianfudong), for the landmarks of faces."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("RelevantLoss")
class RelevantLoss(PairLoss):
    """The squares of ``(a_i - a_j) - (b_i - b_j)`` over all pairs, over 2 N. Each item holds all x, then all y; pairs do not mix.

    In the fork gradients add up over all passes since the start, for want of a zero; here they are those of the pass.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        error = (a - b.reshape(a.shape)).flatten(1)
        half = error.shape[1] // 2
        return (_over_pairs(error[:, :half]) + _over_pairs(error[:, half:])) / (2 * len(a))


def _over_pairs(x: Tensor) -> Tensor:
    """The sum of ``(x_i - x_j)^2`` over the pairs in each row."""
    return x.shape[1] * x.square().sum() - x.sum(1).square().sum()
