"""BatchTripletLoss: all triplets of a batch. Of wanji/caffe-sl, for similarity learning."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.labels import check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("BatchTripletLoss")
class BatchTripletLoss(Layer):
    """``mu mean max(0, margin + d_ij - d_ik) + (1 - mu) mean d_ij``, d squared distances; i, j of one group, k of another label.

    Bottoms: items (N, ...) and labels; a group is a run of one label. The second top is the share of triplets with d_ij < d_ik;
    the third (1, 1, 1, 5) has the mean cost of those triplets that learn, the two means, the number of triplets, and of those
    that learn. These cost something and, with ``sample``, have d_ij < d_ik. As in the fork the gradient has their mean
    instead of that over all; the fork leaves a loss weight out.
    """

    n_bottoms = exactly(2)
    n_tops = between(2, 3)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        param = spec.message.triplet_loss_param
        self.margin, self.mu, self.sample = param.margin, param.mu, param.sample
        self.n_outputs = len(spec.tops)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(), (), (1, 1, 1, 5)][: self.n_outputs]

    def forward(self, items: Tensor, labels: Tensor) -> tuple[Tensor, ...]:
        items, labels = items.flatten(1), labels.detach().flatten()
        distances = (items[:, None] - items).square().sum(2)
        pairs, triplets = _triplets(labels)
        costs = self.margin + distances[:, :, None] - distances[:, None]  # of i, j, k
        right = distances[:, :, None] < distances[:, None]
        learning = triplets & (costs > 0) & (right if self.sample else triplets)
        total, count = triplets.sum().clamp(min=1), learning.sum().clamp(min=1)
        pair_loss = (distances * pairs).sum() / pairs.sum().clamp(min=1) if self.mu < 1 else distances.new_zeros(())
        rank_loss = (costs.clamp(min=0) * triplets).sum() / total
        learnt = (costs * learning).sum() / count
        loss = self.mu * rank_loss + (1 - self.mu) * pair_loss
        objective = self.mu * learnt + (1 - self.mu) * pair_loss
        accuracy = 1 - (triplets & ~right).sum() / total
        facts = torch.stack((learnt, rank_loss, pair_loss, triplets.sum().to(loss), learning.sum().to(loss)))
        tops = with_gradient(loss, objective, torch.ones_like(loss)), accuracy.to(loss), facts.detach()[None, None, None]
        return tops[: self.n_outputs]


def _triplets(labels: Tensor) -> tuple[Tensor, Tensor]:
    """Which (i, j) are of one run of a label, and which (i, j, k) are so with k of another label."""
    runs = torch.cat((labels.new_zeros(1), (labels[1:] != labels[:-1]).to(labels))).cumsum(0)
    pairs = (runs[:, None] == runs) & ~torch.eye(len(labels), dtype=torch.bool, device=labels.device)
    return pairs, pairs[:, :, None] & (labels[:, None] != labels)[:, None]
