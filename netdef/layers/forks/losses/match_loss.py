"""MatchLoss: weights that are to be great where two maps of labels agree. Of lxx1991's fork."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_same_batch, check_same_count
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("MatchLoss")
class MatchLoss(Layer):
    """The mean of ``-w``, or ``penalize w`` where labels differ, less ``lambda sqrt(w^2 + eps^2)``.

    Bottoms are two maps of labels, cut to whole numbers, and the weights w, which get the gradient. Where the first label is
    ``ignore_label`` of ``loss_param`` nothing counts.
    """

    n_bottoms = exactly(3)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_batch(spec, shapes)
        check_same_count(spec, shapes)
        param, loss = spec.message.match_loss_param, spec.message.loss_param
        self.factor: float = getattr(param, "lambda")
        self.eps, self.penalty = param.eps, param.penalize
        self.ignored: int | None = loss.ignore_label if loss.HasField("ignore_label") else None

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, labels: Tensor, others: Tensor, w: Tensor) -> Tensor:
        labels, others = labels.detach().flatten().long(), others.detach().flatten().long()
        w = w.flatten()
        losses = (-w).where(labels == others, self.penalty * w) - self.factor * (w.square() + self.eps**2).sqrt()
        if self.ignored is None:
            return losses.mean()
        counted = labels != self.ignored
        return losses.where(counted, 0).sum() / counted.sum().clamp(min=1)
