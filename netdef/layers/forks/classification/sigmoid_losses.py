"""SigmoidCrossEntropyLossWeighted and SigmoidWithLoss: losses of yes-or-no predictions, divided by the batch size."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from netdef.layers.core.arity import exactly
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register


@register("SigmoidCrossEntropyLossWeighted")
class SigmoidCrossEntropyLossWeighted(PairLoss):
    """``-w (t log(s(x)) + (1 - t) log(1 - s(x)))`` with targets t and weights w, summed, divided by the batch size.

    The bottoms are x, t and w; s is the sigmoid. Of LocNet (Gidaris and Komodakis 2016), in luolongqiang's fork.
    """

    n_bottoms = exactly(3)
    answer_type = "Sigmoid"

    def forward(self, x: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
        targets, weights = (bottom.detach().reshape(x.shape).to(x.dtype) for bottom in (targets, weights))
        return F.binary_cross_entropy_with_logits(x, targets, weights, reduction="sum") / len(x)


@register("SigmoidWithLoss")
class SigmoidWithLoss(PairLoss):
    """``-log(s(x))`` where the label is 1 after its fraction is cut off, ``-log(1 - s(x))`` elsewhere, by the batch size.

    Of xiaolonw's fork caffe-3dnormal_joint_pose (SIGMOID_LOSS). There the loss of one number is at most 87.3; the gradient is
    the same.
    """

    answer_type = "Sigmoid"

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        targets = (labels.reshape(x.shape).trunc() == 1).to(x.dtype)
        return F.binary_cross_entropy_with_logits(x, targets, reduction="sum") / len(x)
