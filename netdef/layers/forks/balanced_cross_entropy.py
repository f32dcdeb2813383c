"""ClassBalancedSigmoidCrossEntropyLoss: the loss of edge detectors, where most places are no edges."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor
from torch.nn import functional as F

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_same_batch, check_same_count
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("ClassBalancedSigmoidCrossEntropyLoss")
class ClassBalancedSigmoidCrossEntropyLoss(Layer):
    """``-(n / (p + n)) sum log s(x)`` over the places with label 1, and ``-(p / (p + n)) sum log(1 - s(x))`` over those with
    label 0, divided by the batch size; p and n are how many an image has of either, s is the sigmoid.

    Of HED's fork (s9xie/hed; Xie and Tu 2015), where its type is SigmoidCrossEntropyLoss. Places with other labels count
    nowhere; the fork gives them an unweighted gradient.
    """

    n_bottoms = exactly(2)
    is_loss = True
    answer_type = "Sigmoid"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_batch(spec, shapes)
        check_same_count(spec, shapes)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        x, labels = x.flatten(1), labels.reshape(len(x), -1).to(x.dtype)
        positive, negative = labels == 1, labels == 0
        p, n = (places.sum(1, keepdim=True).to(x.dtype) for places in (positive, negative))
        weight = (positive * n + negative * p) / (p + n).clamp(min=1)
        return F.binary_cross_entropy_with_logits(x, labels.clamp(0, 1), weight, reduction="sum") / len(x)
