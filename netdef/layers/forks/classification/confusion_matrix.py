"""ConfusionMatrix: which classes are taken for which. Of a pull request to BVLC/caffe (borisgin)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis
from netdef.layers.core.labels import check_classes, check_one_label_each
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("ConfusionMatrix")
class ConfusionMatrix(Layer):
    """(classes, classes): of the items of each class, a row, the share that has its greatest score in each class, a column.

    Bottoms: scores with the classes on ``axis``, labels. The row of a class without items is NaN. Of equal scores the first
    counts; scores of at most -1 count for none, and where all are, for class 0, as in the original. No gradient.
    """

    n_bottoms = exactly(2)
    is_score = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        axis = spec.message.confusion_matrix_param.axis
        self.axis = canonical_axis(spec, axis, len(shapes[0]), "confusion_matrix_param", "axis")
        check_one_label_each(spec, shapes, self.axis)
        self.classes = shapes[0][self.axis]

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(self.classes, self.classes)]

    @torch.no_grad()
    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        true = labels.long().flatten()
        check_classes(self, true, self.classes)
        found = scores.nan_to_num(-1).clamp(min=-1).argmax(self.axis).flatten()
        counts = scores.new_zeros(self.classes**2)
        counts = counts.index_add(0, true * self.classes + found, torch.ones_like(true, dtype=scores.dtype))
        counts = counts.reshape(self.classes, -1)
        return counts / counts.sum(1, keepdim=True)
