"""LiftedStructSimilaritySoftmaxLoss: pairs of one class against all negatives of both. Song et al. 2016 (rksltnl)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.labels import check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("LiftedStructSimilaritySoftmaxLoss")
class LiftedStructSimilaritySoftmaxLoss(Layer):
    """The mean over pairs (i, j) of one label of ``max(0, log(sum e^(margin - d)) + d_ij)^2 / 2``, d being distances.

    The sum is over the distances from i and from j to all items of other labels. Bottoms: items (N, features) and labels. Without
    a pair, and for pairs of a batch of one label, the loss is 0 (in the fork NaN, and undefined). A distance of 0 gets no
    gradient.
    """

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        if len(shapes[0]) < 2 or math.prod(shapes[0][2:]) != 1:
            raise spec.refuse(f"wants items (N, features); `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        self.margin: float = spec.message.lifted_struct_sim_softmax_loss_param.margin

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, items: Tensor, labels: Tensor) -> Tensor:
        items, labels = items.flatten(1), labels.detach().flatten()
        distances = torch.linalg.vector_norm(items[:, None] - items, dim=2)
        same = labels[:, None] == labels
        some = ~same.all()  # negatives at all
        negatives = (self.margin - distances).masked_fill(same & some, -torch.inf).logsumexp(1)
        pairs = torch.triu(same & some, diagonal=1)
        both = torch.logaddexp(negatives[:, None], negatives).masked_fill(~pairs, 0)
        losses = (both + distances).clamp(min=0).square().masked_fill(~pairs, 0)
        return losses.sum() / pairs.sum().clamp(min=1) / 2
