"""MultiSigmoidCrossEntropyLoss and MultiLabelLoss: yes, no or unknown for each of many labels."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register


@register("MultiSigmoidCrossEntropyLoss")
class MultiSigmoidCrossEntropyLoss(PairLoss):
    """The sigmoid cross-entropy over N, of DRML (Zhao et al. 2016), for movements of a face.

    Labels are positive for yes, negative for no and 0 for unknown, which does not count. The fork's gradient knows nothing
    of the loss weight.
    """

    answer_type = "Sigmoid"

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        labels = labels.detach().reshape(x.shape)
        losses = F.binary_cross_entropy_with_logits(x, (labels > 0).to(x.dtype), (labels != 0).to(x.dtype), reduction="sum")
        return losses / len(x)


@register("MultiLabelLoss")
class MultiLabelLoss(MultiSigmoidCrossEntropyLoss):
    """`MultiSigmoidCrossEntropyLoss` of WilsonWangTHU's fork, for kinds of clothes; its gradient is times the loss weight."""
