"""Scores, losses and accuracies by the shares of the classes among a batch's labels. Of HoldenCaulfieldRye's fork of 2014."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.labels import check_classes, check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.softmax_loss import SoftmaxWithLoss

_LEAST = 1e-20


class _OfShares(Layer):
    """A layer of scores and labels; all axes of an item's scores together are its classes, of which the fork has room for two."""

    n_bottoms = exactly(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])

    def read(self, scores: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The scores by item and class, the labels as whole numbers, and the share of each class among them."""
        scores, labels = scores.flatten(1), labels.detach().flatten().long()
        check_classes(self, labels, scores.shape[1])
        return scores, labels, class_shares(scores, labels)


def class_shares(scores: Tensor, labels: Tensor) -> Tensor:
    """The share of each class among labels."""
    ones = scores.new_ones(len(labels))
    return scores.new_zeros(scores.shape[1]).index_add(0, labels, ones) / len(labels)


@register("ScoresTimesShares")
class ScoresTimesShares(_OfShares):
    """The scores, those of a class times its share among the labels; and the labels. Threshold of two bottoms in the fork.

    The shares are those of the batch, in TEST too, and take no part in the gradient.
    """

    n_tops = exactly(2)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return bottoms

    def forward(self, x: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        scores, _, shares = self.read(x, t)
        return (scores * shares).reshape(x.shape), t


@register("PerClassAccuracy")
class PerClassAccuracy(_OfShares):
    """Two numbers, shape (1, 2, 1, 1): the mean over all classes of the share of hits, and that over items of ``-log(p)``.

    p is the probability in bottom 0 at the true class, at least 1e-20. A hit has its greatest score there; of equals the first
    counts. A class without items has no hits. PER_CLASS_ACCURACY in the fork.
    """

    is_score = True
    family = "score"

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 2, 1, 1)]

    @torch.no_grad()
    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        scores, labels, shares = self.read(x, t)
        each = 1 / (len(scores) * scores.shape[1] * shares[labels])  # what an item adds to a mean over classes
        hits = (scores.argmax(1) == labels).to(each.dtype) * each
        losses = -scores.gather(1, labels[:, None])[:, 0].clamp(min=_LEAST).log()
        return torch.stack([hits.sum(), self.mean(losses, each)]).reshape(1, 2, 1, 1)

    def mean(self, losses: Tensor, each: Tensor) -> Tensor:
        """The mean of the losses of items."""
        return losses.mean()


@register("PerClassBayesianAccuracy")
class PerClassBayesianAccuracy(PerClassAccuracy):
    """PerClassAccuracy whose second number, too, is a mean over classes. PER_CLASS_BAYESIAN_ACCURACY in the fork."""

    def mean(self, losses: Tensor, each: Tensor) -> Tensor:
        return (losses * each).sum()


@register("SoftmaxWithBayesianLoss")
class SoftmaxWithBayesianLoss(SoftmaxWithLoss):
    """SoftmaxWithLoss as a mean over all classes: each item counts by 1 over (items x classes x its class's share of them).

    A class without items adds 0. SOFTMAX_BAYESIAN_LOSS in the fork, where all axes of an item's scores together are classes.
    """

    n_bottoms = exactly(2)
    n_tops = exactly(1)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        check_least_axes(spec, shapes, 2)
        super().__init__(spec, [(shapes[0][0], math.prod(shapes[0][1:])), *shapes[1:]])

    def forward(self, scores: Tensor, labels: Tensor, weights: Tensor | None = None) -> Tensor:
        scores, labels, losses, _ = self.each(scores.flatten(1), labels)
        return (losses / class_shares(scores, labels)[labels]).sum() / scores.numel()
