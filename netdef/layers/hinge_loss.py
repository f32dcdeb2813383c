"""HingeLoss: the hinge loss of one class against all others."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_same_batch
from netdef.layers.core.labels import check_one_label_each_item, label_error
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("HingeLoss")
class HingeLoss(Layer):
    """``max(0, 1 - s * x)`` or its square, for each score x of bottom 0; s is 1 at the item's label, -1 elsewhere.

    The sum is divided by the size of the first axis; all further axes together are classes. ``norm`` L2 squares. Labels
    are whole numbers from 0 (fractions are cut off), one an item. Raises NetdefError on a label that is no class (on
    the CPU; a GPU reports it through CUDA).
    """

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_batch(spec, shapes)
        check_one_label_each_item(spec, shapes[1], 1)
        param = spec.message.hinge_loss_param
        self.squared: bool = param.norm == param.L2

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        scores = scores.reshape(len(scores), -1)
        labels = labels.long().reshape(-1, 1)
        try:
            side = torch.ones_like(scores).scatter_(1, labels, -1.0)
        except RuntimeError:
            if scores.is_meta:
                raise
            raise label_error(self, labels, scores.shape[1], None) from None
        losses = F.relu(1 + side * scores)
        return (losses.square() if self.squared else losses).sum() / len(scores)
