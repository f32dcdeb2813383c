"""OrdinalRegressionLoss: a number as answers to "is it more?" (Niu et al. 2016). Of luoyetx."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import refuse_shapes
from netdef.layers.core.fillers import constant
from netdef.layers.core.labels import check_classes, check_one_label_each_item
from netdef.layers.core.patterns import from_file
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("OrdinalRegressionLoss")
class OrdinalRegressionLoss(Layer):
    """Over N, the weighted sum of ``-log`` of each pair's softmax: at its second score for pairs up to the label, else the first.

    Bottoms: ``k`` pairs of scores an item, by default half as many as it has, and labels 0 to k - 1. A pair weighs 1 / k, or
    the number for it in ``weight_file``, a text. The fork's gradient leaves out a ``loss_weight``.
    """

    n_bottoms = exactly(2)
    is_loss = True
    weights: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.ordinal_regression_loss_param
        scores = math.prod(shapes[0][1:])
        self.pairs: int = param.k if param.HasField("k") else scores // 2
        if self.pairs < 1 or scores != 2 * self.pairs:
            raise refuse_shapes(spec, shapes, 0, "it wants two scores an item for each of `k`, or an even number")
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        file = param.weight_file
        self.add_constant("weights", (self.pairs,), from_file(spec, file) if file else constant(1 / self.pairs))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        labels = labels.detach().long().reshape(-1, 1)
        check_classes(self, labels, self.pairs)
        more = (torch.arange(self.pairs, device=x.device) <= labels).long()
        loss = F.cross_entropy(x.reshape(-1, 2), more.flatten(), reduction="none")
        return (loss.reshape(more.shape) * self.weights.to(x.dtype)).sum() / len(x)
