"""ClassBalancedSigmoidCrossEntropyLoss, the loss of edge detectors, where most places are no edges, and others like it."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from netdef.layers.core.arity import exactly
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.sigmoid_cross_entropy_loss import SigmoidCrossEntropyLoss


@register("ClassBalancedSigmoidCrossEntropyLoss")
class ClassBalancedSigmoidCrossEntropyLoss(PairLoss):
    """The sigmoid cross-entropy in which the places of either label weigh as many as those of the other.

    It is ``-(n / (p + n)) sum log s(x)`` over the places with label 1, and ``-(p / (p + n)) sum log(1 - s(x))`` over those with
    label 0, divided by the batch size; p and n are the numbers of either in an image, s is the sigmoid.

    Of HED's fork (s9xie/hed; Xie and Tu 2015), where its type is SigmoidCrossEntropyLoss. Places with other labels count
    nowhere; the fork gives them an unweighted gradient.
    """

    answer_type = "Sigmoid"

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        x, labels = x.flatten(1), labels.reshape(len(x), -1).to(x.dtype)
        positive, negative = labels == 1, labels == 0
        p, n = (places.sum(1, keepdim=True).to(x.dtype) for places in (positive, negative))
        weight = (positive * n + negative * p) / (p + n).clamp(min=1)
        return F.binary_cross_entropy_with_logits(x, labels.clamp(0, 1), weight, reduction="sum") / len(x)


@register("SigmoidCrossEntropyBalanceLoss")
class SigmoidCrossEntropyBalanceLoss(ClassBalancedSigmoidCrossEntropyLoss):
    """The same loss under its name in OSVOS's and COB's forks (Caelles et al. 2017, Maninis et al. 2016)."""


@register("WeightedSigmoidCrossEntropyLoss")
class WeightedSigmoidCrossEntropyLoss(SigmoidCrossEntropyLoss):
    """SigmoidCrossEntropyLoss where the k targets of 1 in a batch of n weigh ``n / (2 k)`` each, and those of 0 the rest.

    k counts as at least 1 and at most n - 1. Ignored targets count in neither. Of GuohongWu's fork.
    """

    n_bottoms = exactly(2)

    def forward(self, x: Tensor, targets: Tensor, weights: Tensor | None = None) -> Tensor:
        targets = targets.detach().reshape(x.shape).to(x.dtype)
        ignored = self.normalizer.ignored(targets)
        positive = targets.trunc() == 1
        count: Tensor | int = targets.numel()
        if ignored is not None:
            positive, count = positive & ~ignored, count - ignored.sum()
        k = torch.minimum(positive.sum().clamp(min=1), torch.as_tensor(count, device=x.device) - 1)
        balanced = count / 2 / torch.where(positive, k, count - k).clamp(min=1)
        return super().forward(x, targets, balanced.to(x.dtype))
