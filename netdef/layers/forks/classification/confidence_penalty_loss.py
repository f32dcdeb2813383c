"""ConfidencePenaltyLoss: the cross-entropy of given probabilities with a share for the other classes. Of happynear's fork."""

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

_LEAST = 1e-20


@register("ConfidencePenaltyLoss")
class ConfidencePenaltyLoss(Layer):
    """The mean over N items of ``-(1 - beta) log(p)`` at the label and ``-beta / (N - 1) log(p)`` of all other classes.

    The share of a class is by the number of items, not of classes, as in the fork. Bottoms and the least probability are those
    of MultinomialLogisticLoss.
    """

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        self.beta: float = spec.message.confidence_penalty_loss_param.beta
        if shapes[0][0] < 2 or math.prod(shapes[0][1:]) < 2:
            raise spec.refuse("divides by the number of items less 1, and wants 2 items and 2 classes or more; "
                              f"`{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, probabilities: Tensor, labels: Tensor) -> Tensor:
        flat, labels = probabilities.flatten(1), labels.detach().long().flatten()
        check_classes(self, labels, flat.shape[1])
        floored = flat + (flat.clamp(min=_LEAST) - flat).detach()  # the gradient is not floored
        own = torch.arange(flat.shape[1], device=flat.device) == labels[:, None]
        weights = torch.where(own, 1 - self.beta, self.beta / (len(flat) - 1)).to(flat)
        return -(weights * floored.log()).sum() / len(flat)
