"""WeightedSoftmaxWithLoss and LamdaSoftmaxWithLoss, of several forks: one class, or each item, counts by a weight."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.checks import refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.softmax_loss import SoftmaxWithLoss

_NO_WEIGHT = 1e-12


@register("WeightedSoftmaxWithLoss")
class WeightedSoftmaxWithLoss(SoftmaxWithLoss):
    """SoftmaxWithLoss with weights, of which its divisor knows nothing.

    With two bottoms predictions whose label is ``softmax_param.pos_cid`` count ``pos_mult`` times. With three, of LSTD (Chen et
    al. 2018), those of each item by its number in the third; where that is not above 1e-12, VALID does not count them.
    """

    n_tops = between(1, 2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes[:2])
        if len(shapes) == 3 and shapes[2][:1] != shapes[0][:1]:
            raise refuse_shapes(spec, shapes, 2, "it wants a weight for each item")
        param, classes = spec.message.softmax_param, shapes[0][self.axis]
        if param.HasField("pos_mult") and not 0 <= param.pos_cid < classes:
            raise spec.refuse(f"has `pos_cid` {param.pos_cid}, which is none of its {classes} classes", "softmax_param",
                              *(["pos_cid"] if param.HasField("pos_cid") else []))
        if len(shapes) == 2 and param.pos_mult != 1:
            self.class_weights = [param.pos_mult if label == param.pos_cid else 1.0 for label in range(classes)]

    def forward(self, scores: Tensor, labels: Tensor, weights: Tensor | None = None) -> Tensor | tuple[Tensor, ...]:
        if weights is None:
            return super().forward(scores, labels)
        by_class, labels, losses, ignored = self.each(scores, labels)
        of_items = weights.detach().reshape(len(weights), -1)[:, 0].reshape(-1, *[1] * (losses.ndim - 1))
        without = (of_items <= _NO_WEIGHT).expand(losses.shape)
        ignored = without if ignored is None else ignored | without
        loss = self.normalizer.reduce((losses * of_items).masked_fill(ignored, 0), len(by_class), ignored)
        return loss if self.n_outputs == 1 else (loss, torch.softmax(scores, self.axis))


@register("LamdaSoftmaxWithLoss")
class LamdaSoftmaxWithLoss(SoftmaxWithLoss):
    """SoftmaxWithLoss where label 0 counts ``softmax_param.lamda`` and others the rest of 1; its divisor knows nothing of it.

    Of a fork for vessels of the retina (MIA2I). The gradient is that of its GPU; on its CPU it is wrong for maps.
    """

    n_bottoms = exactly(2)
    n_tops = between(1, 2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        share = spec.message.softmax_param.lamda
        self.class_weights = [share, *[1 - share] * (shapes[0][self.axis] - 1)]
