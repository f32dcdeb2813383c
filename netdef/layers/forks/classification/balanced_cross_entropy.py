"""ClassBalancedSigmoidCrossEntropyLoss: the loss of edge detectors, where most places are no edges."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register


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
