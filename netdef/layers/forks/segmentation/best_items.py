"""TopK and TopKOld: the items of a batch with the best scores. FastMask (Hu et al. 2017), AttentionMask (chwilms' fork)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


class _Best(Layer):
    """The base of both: the items of bottom 0 with the greatest scores, bottom 1, in their order in the batch.

    An item has one score, or the greatest of several but the first, that of the background, and at least 0. As many are taken
    as bottom 2 has items, if there are so many. The second top has their numbers (items, 1, 1, 1). Only bottom 0 gets a
    gradient.
    """

    n_bottoms = exactly(3)
    n_tops = between(1, 2)
    depends_on_data = True
    family = "join"
    filled: ClassVar[bool]

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for index in range(3):
            check_least_axes(spec, shapes, 1, index)
        self.both = len(spec.tops) == 2

    def count(self, items: int, wanted: int) -> int:
        """The number of items in the tops."""
        return wanted if self.filled else min(items, wanted)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        count = self.count(bottoms[0][0], bottoms[2][0])
        return [(count, *bottoms[0][1:]), (count, 1, 1, 1)][: 2 if self.both else 1]

    def forward(self, x: Tensor, scores: Tensor, like: Tensor) -> tuple[Tensor, Tensor] | Tensor:
        scores = scores.detach().flatten(1) if scores.ndim > 1 else scores.detach()[:, None]
        best = scores[:, 0] if scores.shape[1] == 1 else scores[:, 1:].amax(1).clamp(min=0)
        chosen = best[: len(x)].argsort(descending=True, stable=True)[: len(like)].sort().values
        count = self.count(len(x), len(like))
        top = x[chosen]
        if count > len(chosen):
            top = torch.cat((top, top.new_zeros(count - len(chosen), *top.shape[1:])))
        if not self.both:
            return top
        numbers = x.new_zeros(count, 1, 1, 1)
        numbers[: len(chosen), 0, 0, 0] = chosen.to(x.dtype)
        return top, numbers


@register("TopK")
class TopK(_Best):
    """`_Best` with as many items as there are. (TOPK, of one bottom, is another layer.)"""

    filled = False


@register("TopKOld")
class TopKOld(_Best):
    """`_Best` filled with zeros, and numbers of 0, to as many items as bottom 2 has (in the fork with what its memory held)."""

    filled = True
