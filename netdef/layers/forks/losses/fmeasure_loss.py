"""WeightedFmeasureLoss: the F-measure of binary images. Of ctensmeyer's fork (Tensmeyer and Martinez 2017)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_same_batch, check_same_count
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "weighted_fmeasure_loss_param"


@register("WeightedFmeasureLoss")
class WeightedFmeasureLoss(Layer):
    """``1 - 2 p r / (p + r)`` with precision ``p = sum(v x t) / sum(v x)`` and recall ``r = sum(w x t) / sum(w t)``.

    Bottoms: probabilities x, truth t, and the weights w of recall and v of precision. With ``avg_fm`` the mean over the
    items; a second top has their measures, (N, 1). Without, of all items together. Where p or r is 0 or has no divisor it is
    ``mse_lambda sum(v (t - x)^2) / (2 sum(v))``. With a ``margin`` from 0 to 0.5 an x at least that far on the right side of
    0.5 counts as its truth and learns nothing; the fork writes the truth into x itself.
    """

    n_bottoms = exactly(4)
    n_tops = between(1, 2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.weighted_fmeasure_loss_param
        check_same_batch(spec, shapes)
        check_same_count(spec, shapes)
        if len(spec.tops) > 1 and not param.avg_fm:
            raise spec.refuse("has a second top, the items' measures, only with `avg_fm`", PARAM, "avg_fm")
        self.n_outputs = max(1, len(spec.tops))
        self.mean, self.margin, self.error_weight = param.avg_fm, param.margin, param.mse_lambda

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(), (bottoms[0][0], 1)][: self.n_outputs]

    def forward(self, x: Tensor, t: Tensor, w: Tensor, v: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        items = len(x) if self.mean else 1
        x, t, w, v = (a.reshape(items, -1) for a in (x, t.detach(), w.detach(), v.detach()))
        if 0 < self.margin < 0.5:
            x = t.where(torch.where(t > 0.5, x >= 0.5 + self.margin, x <= 0.5 - self.margin), x)
        precision, recall = _share(v * x * t, v * x), _share(w * x * t, w * t)
        known = (precision != 0) & (recall != 0)
        measure = (2 * precision * recall / (precision + recall).where(known, 1)).where(known, 0)
        error = self.error_weight * (v * (t - x).square()).sum(1) / (2 * v.sum(1)).where(~known, 1)
        loss = (1 - measure).where(known, error).mean()
        return (loss, measure[:, None]) if self.n_outputs > 1 else loss


def _share(part: Tensor, whole: Tensor) -> Tensor:
    """The sum of each item's ``part`` over that of its ``whole``, 0 where that is 0."""
    divisor = whole.sum(1)
    return part.sum(1) / divisor.where(divisor != 0, 1)
