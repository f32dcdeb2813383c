"""AccuracyDiagonal: the mean over classes of the share of hits. Of pulkitag's fork, a V1 type."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.accuracy import greatest
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.fillers import constant
from netdef.layers.core.labels import check_classes, check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("AccuracyDiagonal")
class AccuracyDiagonal(Layer):
    """The mean over all classes of hits over items, of all passes since the net was made; a class without items adds 0.

    An item is a hit if its class has the greatest of its scores, of equals the last. ``top_k`` must be 1.
    """

    n_bottoms = exactly(2)
    is_score = True
    larger_is_better = True
    family = "score"
    hits: Tensor
    items: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        if spec.message.accuracy_param.top_k != 1:
            raise spec.refuse(f"has `top_k` {spec.message.accuracy_param.top_k}; it must be 1", "accuracy_param", "top_k")
        classes = math.prod(shapes[0][1:])
        self.carried = ("hits", "items")
        for name in self.carried:
            self.add_constant(name, (1, classes), constant(0.0))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    @torch.no_grad()
    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        classes = labels.flatten().long()
        check_classes(self, classes, self.items.shape[1])
        best = greatest(scores.flatten(1), 1, 1)[1][:, 0]
        ones = torch.ones_like(best)[None]
        self.items = self.items.to(ones.dtype).index_add(1, classes, ones)
        self.hits = self.hits.to(ones.dtype).index_add(1, classes, (best == classes)[None].to(ones.dtype))
        return (self.hits / self.items.clamp(min=1)).mean()
