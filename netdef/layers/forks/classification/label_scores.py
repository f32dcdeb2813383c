"""MultiLabelAccuracy, AccuracySigmoid and PrecisionRecallLoss, scores of jolibrain's, BraveApple's and mitmul's forks."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_least_axes, check_positive, check_same_shape, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("MultiLabelAccuracy")
class MultiLabelAccuracy(Layer):
    """(1, 5, 1, 1): the shares of positives and of negatives found, their harmonic mean, the precision, and the F1 score.

    A number of at least 0 is positive, a label of at least 0.5; labels below 0 do not count. A share of none is 0. The harmonic
    mean is that of the inverse shares of all labels, ``2 / (positives / found + negatives / found)``. Of jolibrain's fork.
    """

    n_bottoms = exactly(2)
    is_score = True
    larger_is_better = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_shape(spec, shapes)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 5, 1, 1)]

    @torch.no_grad()
    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        found, known = x >= 0, labels >= 0
        true, false = labels >= 0.5, known & (labels < 0.5)
        hits, misses, rejections, alarms = (
            part.sum().to(x.dtype) for part in (found & true, ~found & true, ~found & false, found & false))
        positives, negatives = hits + misses, rejections + alarms
        harmonic = torch.where(known.any(), 2 / (positives / hits + negatives / rejections), 0)
        return torch.stack([_share(hits, positives), _share(rejections, negatives), harmonic, _share(hits, hits + alarms),
                            _share(2 * hits, 2 * hits + alarms + misses)]).reshape(1, 5, 1, 1)


@register("AccuracySigmoid")
class AccuracySigmoid(Layer):
    """For each of ``task_num`` places along ``axis`` the share of numbers that are at least 0 where the label is 1, else below.

    Labels, bottom 1, are 0 or 1; fractions are cut off. With ``compute_average_accuracy`` a last top has the mean of the others.
    Of BraveApple's fork.
    """

    n_bottoms = exactly(2)
    n_tops = at_least(1)
    is_score = True
    larger_is_better = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        name, param = "accuracy_sigmoid_param", spec.message.accuracy_sigmoid_param
        check_positive(spec, param.task_num, name, "task_num")
        self.axis = canonical_axis(spec, param.axis, len(shapes[0]), name, "axis")
        self.tasks, self.with_mean = param.task_num, param.compute_average_accuracy
        size = torch.Size(shapes[0])
        self.outer, self.inner = size[: self.axis].numel(), size[self.axis + 1 :].numel()
        for index, shape in enumerate(shapes):
            places, rest = divmod(torch.Size(shape).numel(), self.outer * self.inner)
            if rest or places < self.tasks:
                raise refuse_shapes(spec, shapes, index, f"axis {self.axis} must have {self.tasks} places or more, and the other "
                                    "axes are the same")
        if len(spec.tops) != self.tasks + self.with_mean:
            raise spec.refuse(f"has {len(spec.tops)} tops; it wants {self.tasks + self.with_mean}", "top")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()] * (self.tasks + self.with_mean)

    @torch.no_grad()
    def forward(self, x: Tensor, labels: Tensor) -> Tensor | tuple[Tensor, ...]:
        found, wanted = (each.reshape(self.outer, -1, self.inner)[:, : self.tasks] for each in (x, labels))
        shares = ((found >= 0) == wanted.trunc()).to(x.dtype).mean((0, 2))
        tops = (*shares.unbind(), *([shares.mean()] if self.with_mean else []))
        return tops if len(tops) > 1 else tops[0]


@register("PrecisionRecallLoss")
class PrecisionRecallLoss(Layer):
    """The mean over channels of 1 less the precision where it is nearest to the recall. Of mitmul's fork; without a gradient.

    Numbers are positive from a threshold on, which is 0, ``1 / point_num``, ... and 1; labels are 0 and 1. Thresholds whose
    precision or recall is 0 or 1 do not count; if none counts the channel costs 1.
    """

    n_bottoms = exactly(2)
    is_score = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        name, param = "precision_recall_loss_param", spec.message.precision_recall_loss_param
        check_positive(spec, param.point_num, name, "point_num")
        check_least_axes(spec, shapes, 2)
        check_same_shape(spec, shapes)
        self.points: int = param.point_num

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    @torch.no_grad()
    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        rows, labels = (each.movedim(1, 0).flatten(1) for each in (x, labels.trunc()))
        best, gap = rows.new_zeros(len(rows)), rows.new_ones(len(rows))
        for point in range(self.points + 1):
            found = rows >= point / self.points
            hits, alarms = (found & (labels == 1)).sum(1).to(x.dtype), (found & (labels == 0)).sum(1)
            precision, recall = hits / (hits + alarms), hits / (labels == 1).sum(1)
            inner = (precision > 0) & (precision < 1) & (recall > 0) & (recall < 1)
            nearer = inner & ((precision - recall).abs() < gap)
            best, gap = torch.where(nearer, precision, best), torch.where(nearer, (precision - recall).abs(), gap)
        return (1 - best).mean()


def _share(part: Tensor, whole: Tensor) -> Tensor:
    return torch.where(whole > 0, part / whole.clamp(min=1), 0)
