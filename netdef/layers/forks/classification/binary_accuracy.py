"""BAccuracy: how many numbers have the sign that their labels say. Of liuxianming's fork for feedback nets, a V1 type."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.labels import check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("BAccuracy")
class BAccuracy(Layer):
    """One number an item and its label, 0 or 1, to (1, 2, 1, 1): the share of numbers that are above 0 where the label is 1.

    And the mean of ``-label log sigmoid(x)``.
    """

    n_bottoms = exactly(2)
    is_score = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for place in range(2):
            check_one_label_each_item(spec, shapes[place], place, shapes[0][0])

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 2, 1, 1)]

    @torch.no_grad()
    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        x, labels = x.flatten(), labels.flatten().to(x.dtype)
        hits = ((x > 0) == labels.trunc()).to(x.dtype)
        return torch.stack([hits.mean(), -(labels * x.sigmoid().log()).mean()]).reshape(1, 2, 1, 1)
