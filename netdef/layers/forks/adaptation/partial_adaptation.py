"""EntropyLoss and WeightedGanLoss, of a fork for partial domain adaptation: Zhang et al. 2018 (hellojing89)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least, check_same_count
from netdef.layers.core.fillers import constant
from netdef.layers.core.loss_normalizer import Normalizer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "entropy_param"


@register("EntropyLoss")
class EntropyLoss(Layer):
    """``-sum(p log p) / N`` of probabilities p of at least ``threshold``; a second bottom is without effect.

    In the first ``iterations_num`` passes of training it is 0; snapshots keep the count. The fork's top is the sum of
    ``p log p``, though its gradient is that of this mean.
    """

    n_bottoms = between(1, 2)
    is_loss = True
    passes: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.entropy_param
        check_at_least(spec, param.threshold, 0, PARAM, "threshold")
        self.threshold, self.first = param.threshold, param.iterations_num
        if self.first:
            self.add_constant("passes", (1, 1), constant(0.0))
            self.carried = ("passes",)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        counted = x.where((x >= self.threshold) & (x > 0), 1)  # log 1 is 0
        loss = -(counted * counted.log()).sum() / len(x)
        if not self.training or not self.first:
            return loss
        started = (self.passes >= self.first).squeeze()
        self.passes = self.passes + 1
        return torch.where(started, loss, 0)


@register("WeightedGanLoss")
class WeightedGanLoss(Layer):
    """The sigmoid cross-entropy of x and targets t in which items of target 1 have weights: bottoms x, t, w.

    The weight is ``1 - s(w)`` over its mean among the items of target 1, with the sigmoid s, and without a gradient. Items
    of other targets weigh 1. Divisor and ``ignore_label`` are those of `SigmoidCrossEntropyLoss`.
    """

    n_bottoms = exactly(3)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_count(spec, shapes)
        self.normalizer = Normalizer(spec, default="BATCH_SIZE")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, targets: Tensor, w: Tensor) -> Tensor:
        targets = targets.reshape(x.shape).to(x.dtype)
        ignored = self.normalizer.ignored(targets)
        source = targets == 1 if ignored is None else (targets == 1) & ~ignored
        weight = torch.sigmoid(-w.detach().reshape(x.shape)) * source
        weight = torch.where(source, weight * source.sum() / weight.sum(), 1)
        losses = F.binary_cross_entropy_with_logits(x, targets, weight, reduction="none")
        if ignored is not None:
            losses.masked_fill_(ignored, 0)
        return self.normalizer.reduce(losses, len(x), ignored)
