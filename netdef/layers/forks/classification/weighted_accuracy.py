"""Accuracy of three bottoms: a weight for each prediction. Of LRCN's fork in 2014."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.accuracy import Accuracy
from netdef.layers.core.arity import exactly
from netdef.layers.core.checks import check_at_least
from netdef.layers.core.labels import check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("Accuracy", when=lambda spec: len(spec.bottoms) == 3)
class WeightedAccuracy(Accuracy):
    """The weights, of the third bottom, of the items whose true class is among the ``top_k`` best scores, over all weights.

    A ``denominator`` other than 0 takes the place of the sum of all weights. 0 if that is 0, where the fork gives NaN.
    """

    n_bottoms = exactly(3)
    n_tops = exactly(1)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes[:2])
        check_one_label_each_item(spec, shapes[2], 2, shapes[0][0])
        self.denominator: float = spec.message.accuracy_param.denominator
        check_at_least(spec, self.denominator, 0, "accuracy_param", "denominator")

    @torch.no_grad()
    def forward(self, scores: Tensor, labels: Tensor, weights: Tensor) -> Tensor:  # type: ignore[override]
        weights = weights.flatten().to(scores.dtype)
        hits = self.hits(scores, labels)[0].flatten() * weights
        total = weights.new_tensor(self.denominator) if self.denominator else weights.sum()
        return hits.sum() / torch.where(total == 0, 1, total)
