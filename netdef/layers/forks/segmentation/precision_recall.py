"""PR: precision, recall and their like of numbers above a threshold. Of ctensmeyer's fork, for binarised documents."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_same_count
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("PR")
class PR(Layer):
    """Precision, recall, accuracy, the share of right negatives, and the harmonic mean of the first two; each a number.

    A number of bottom 0 is positive from ``thresh`` on, a label of bottom 1 unless its whole part is 0. Labels whose whole part
    is ``ignore_label`` do not count. A share of none is 0 (in the fork the third and fourth are NaN).
    """

    n_bottoms = exactly(2)
    n_tops = exactly(5)
    is_score = True
    larger_is_better = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_count(spec, shapes)
        param = spec.message.precision_recall_param
        self.threshold: float = param.thresh
        self.ignored: int | None = param.ignore_label if param.HasField("ignore_label") else None

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()] * 5

    @torch.no_grad()
    def forward(self, x: Tensor, labels: Tensor) -> tuple[Tensor, ...]:
        labels = labels.flatten().trunc()
        counts = torch.ones_like(labels, dtype=torch.bool) if self.ignored is None else labels != self.ignored
        found, true = x.flatten() >= self.threshold, labels != 0
        hits, misses = ((found & true & counts).sum(), (~found & true & counts).sum())
        alarms, rejections = ((found & ~true & counts).sum(), (~found & ~true & counts).sum())
        precision, recall = share(hits, alarms, x), share(hits, misses, x)
        mean = torch.where(precision + recall > 0, 2 * precision * recall / (precision + recall), 0)
        return precision, recall, share(hits + rejections, alarms + misses, x), share(rejections, alarms, x), mean


def share(part: Tensor, rest: Tensor, like: Tensor) -> Tensor:
    """A part of itself and the rest, 0 if both are; of another tensor's type."""
    return part.to(like.dtype) / (part + rest).clamp(min=1)
