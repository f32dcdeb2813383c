"""NCALoss, SoftContrastiveLoss and BatchContrastiveLoss, of happynear's fork: losses of distances to classes and of items."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import refuse_shapes
from netdef.layers.core.labels import check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.forks.metric.class_distances import ClassDistanceLoss


@register("NCALoss")
class NCALoss(ClassDistanceLoss):
    """``sum(own + sum(exp(-other))) / N`` of the distances of each item to its own class and to the others.

    ``min_negative_only``: of the others the nearest alone; class 0 is one of them even for its own items, as in the fork, and
    then its gradient is that of the nearest. Second top: the means of the own distances and of the others. The fork adds to the
    loss of the pass before.
    """

    n_bottoms = between(2, 3)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.nearest_only: bool = spec.message.nca_param.min_negative_only

    def measure(self, distances: Tensor, own: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        counts = ~own
        if self.nearest_only:
            allowed = counts | (torch.arange(self.classes, device=own.device) == 0)
            nearest = distances.masked_fill(~allowed, math.inf).argmin(1, keepdim=True)
            counts = torch.zeros_like(own).scatter(1, nearest, True)
        near = (-distances).exp()
        losses = (distances * own + near * counts).sum(1)
        return losses, torch.where(counts, -near, own.to(near)), torch.stack((distances[own].mean(), distances[~own].mean()))


@register("SoftContrastiveLoss")
class SoftContrastiveLoss(ClassDistanceLoss):
    """``sum(positive_weight p + log(sum of exp(negative_weight n))) / N`` over the items; in ``square`` of ``p^2`` and ``n^2``.

    ``p = min(positive_outlier_thresh, max(0, own - positive_margin))``, where positive_outlier_thresh is a field of
    ``general_contrastive_loss_param``; ``n = negative_margin - other`` of the distances to other classes within that margin.
    The gradient is positive_weight of an own distance between margin and threshold, times the distance in ``square``; and minus
    negative_weight times the softmax of an n that counts, times n in ``square``. Second top: the sums of p over N and of n over
    N (classes - 1). ``exponent_scale`` has no effect, and the loss of the pass before is added, in the fork.
    """

    n_bottoms = between(2, 3)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.soft_contrastive_loss_param
        self.margins, self.weights = ((param.positive_margin, param.negative_margin),
                                      (param.positive_weight, param.negative_weight))
        self.outlier: float = spec.message.general_contrastive_loss_param.positive_outlier_thresh
        self.squares: bool = param.square

    def measure(self, distances: Tensor, own: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        power = 2 if self.squares else 1
        same = distances[own]
        pulled = (same - self.margins[0]).clamp(0, self.outlier)
        near = (distances < self.margins[1]) & ~own
        slack = (self.margins[1] - distances) * near
        exponents = (self.weights[1] * slack**power).masked_fill(~near, -math.inf)
        shares = torch.where(near, exponents.softmax(1), 0)
        logs = torch.where(near.any(1), exponents.logsumexp(1), 0)
        attracted = (self.weights[0] * ((same > self.margins[0]) & (same < self.outlier)) * same ** (power - 1))[:, None]
        gradients = torch.where(own, attracted, -self.weights[1] * shares * slack ** (power - 1))
        means = torch.stack((pulled.mean(), slack.sum() / len(distances) / (self.classes - 1)))
        return self.weights[0] * pulled**power + logs, gradients, means


@register("BatchContrastiveLoss")
class BatchContrastiveLoss(Layer):
    """Distances d (N, N) of items to one another, and their labels: pairs of one label are pulled, others pushed apart.

    Over the pairs of an item and a later one: the mean of ``positive_weight max(0, d - positive_margin)`` of those of one label,
    and of ``negative_weight max(0, negative_margin - d)`` of others. ``max_only``: the sum of the greatest of either alone. The
    gradient is that of the sum over N, or of half the sum with ``max_only``, as in the fork. Second top: the mean distances of
    pairs of one label and of others. The fork adds to the loss of the pass before.
    """

    n_bottoms = exactly(2)
    n_tops = between(1, 2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        items = shapes[0][0]
        if items < 2 or shapes[0][1:2] != (items,) or math.prod(shapes[0]) != items**2:
            raise refuse_shapes(spec, shapes, 0, "it wants the distance of each of two or more items to each")
        check_one_label_each_item(spec, shapes[1], 1, items)
        param = spec.message.batch_contrastive_loss_param
        self.margins, self.weights = ((param.positive_margin, param.negative_margin),
                                      (param.positive_weight, param.negative_weight))
        self.most_only: bool = param.max_only
        self.with_means = len(spec.tops) == 2

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(), (2,)][: 1 + self.with_means]

    def forward(self, distances: Tensor, labels: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        flat, labels = distances.flatten(1), labels.detach().flatten()
        later = torch.ones_like(flat, dtype=torch.bool).triu(1)
        like = labels[:, None] == labels
        costs = []
        for pairs, beyond, weight in ((later & like, flat - self.margins[0], self.weights[0]),
                                      (later & ~like, self.margins[1] - flat, self.weights[1])):
            beyond = torch.where(pairs, beyond, 0).clamp(min=0)
            costs.append(weight * (beyond.max() if self.most_only else beyond.sum()))
        total, count = costs[0] + costs[1], len(flat)
        loss, scale = (total, 0.5) if self.most_only else (total / (count * (count - 1) / 2), 1 / count)
        loss = loss.detach() + scale * (total - total.detach())
        if not self.with_means:
            return loss
        return loss, torch.stack([flat.detach()[later & same].mean() for same in (like, ~like)])
