"""FocalLoss (Lin et al. 2017): a softmax loss that weighs predictions less the better they are."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_at_least, check_same_batch
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.labels import check_classes, check_one_label_each, label_error
from netdef.layers.core.loss_normalizer import Normalizer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "focal_loss_param"
_TINY = torch.finfo(torch.float32).tiny
_NO_LABEL = torch.iinfo(torch.int32).min


@register("FocalLoss")
class FocalLoss(Layer):
    """``-alpha (1 - p)^gamma log(p)`` of the softmax p at each label, over the divisor of `Normalizer`, by default VALID.

    Of chuanqi305's, makefile's and happynear's forks; with ``type: ONEADDP``, of happynear's, ``(1 + p)^gamma``. ``alpha`` must
    be given: it is 0.25 by default in the first two and 1 in the third. Bottoms and the second top, the softmax, are as those of
    SoftmaxWithLoss.
    """

    n_bottoms = exactly(2)
    n_tops = between(1, 2)
    is_loss = True
    answer_type = "Softmax"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_batch(spec, shapes)
        self.alpha, self.gamma, self.sign = self.weights(spec)
        param = spec.message.focal_loss_param
        given = param.axis if param.HasField("axis") else spec.message.softmax_param.axis
        self.axis = canonical_axis(spec, given, len(shapes[0]), PARAM, "axis")
        check_one_label_each(spec, shapes, self.axis)
        self.normalizer = Normalizer(spec, default="VALID")
        self.with_softmax = len(spec.tops) == 2

    def weights(self, spec: LayerDefinition) -> tuple[float, float, int]:
        """Alpha, gamma, and the sign of the probability."""
        param = spec.message.focal_loss_param
        if not param.HasField("alpha"):
            raise spec.refuse("has no `alpha`, which is 0.25 in two forks and 1 in another unless it is given",
                              *([PARAM] if spec.message.HasField(PARAM) else ["type"]))
        if param.type == param.LINEAR:
            raise spec.refuse("has `type: LINEAR`, which its forks accept and do not implement", PARAM, "type")
        check_at_least(spec, param.gamma, 0, PARAM, "gamma")
        return param.alpha, param.gamma, 1 if param.type == param.ONEADDP else -1

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(), bottoms[0]][: 1 + self.with_softmax]

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        by_class = scores.movedim(self.axis, -1).flatten(0, -2)  # predictions in the order of the labels
        labels, ignore = labels.long().flatten(), self.normalizer.ignore_label
        try:
            losses = F.cross_entropy(by_class, labels, reduction="none", ignore_index=_NO_LABEL if ignore is None else ignore)
        except IndexError:
            raise label_error(self, labels, by_class.shape[1], ignore, "loss_param") from None
        losses = focal(losses, self.alpha, self.gamma, self.sign)
        batch = scores.shape[: self.axis].numel()
        loss = self.normalizer.reduce(losses, batch, self.normalizer.ignored(labels))
        return (loss, torch.softmax(scores, self.axis)) if self.with_softmax else loss


@register("focalSoftmaxWithLoss")
class FocalSoftmaxWithLoss(FocalLoss):
    """`FocalLoss` with an ``alpha`` of 0.75 and a ``gamma`` of 2, of yuqj1991's caffe_train."""

    def weights(self, spec: LayerDefinition) -> tuple[float, float, int]:
        return 0.75, 2.0, -1


@register("SoftmaxWithFocalLoss")
class SoftmaxWithFocalLoss(FocalLoss):
    """`FocalLoss` with ``softmax_focal_loss_param``, where VALID divides by the number of labels above 0. Of GuohongWu's fork.

    The gradient is the fork's. Of a class other than the label it has ``(1 - p)^(gamma - 1)`` of the class's own p, where the
    derivative has it of the label's; and at place j of n places of a map the class c counts as the label if the label is
    ``c n + j``.
    """

    def weights(self, spec: LayerDefinition) -> tuple[float, float, int]:
        param = spec.message.softmax_focal_loss_param
        check_at_least(spec, param.gamma, 0, "softmax_focal_loss_param", "gamma")
        return param.alpha, param.gamma, -1

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        by_class = scores.movedim(self.axis, -1).flatten(0, -2)
        labels = labels.detach().long().flatten()
        ignored = self.normalizer.ignored(labels)
        counts = torch.ones_like(labels, dtype=torch.bool) if ignored is None else ~ignored
        classes = labels.where(counts, 0)
        check_classes(self, classes, by_class.shape[1])
        with torch.no_grad():
            p = by_class.softmax(1).clamp(min=_TINY)
            own, number = p.gather(1, classes[:, None]), torch.arange(by_class.shape[1], device=p.device)
            weight, losses = self.alpha * (1 - own) ** self.gamma, -own.log()
            places = scores.shape[self.axis + 1 :].numel()
            place = torch.arange(len(p), device=p.device) % places
            as_label = number * places + place[:, None] == classes[:, None]
            others = (1 - p) ** (self.gamma - 1) * own * p
            added = self.alpha * self.gamma * losses * torch.where(as_label, -((1 - own) ** self.gamma) * own, others)
            gradients = (weight * (p - 1 * (number == classes[:, None])) + added) * counts[:, None]
            divisor = ((labels > 0) & counts).sum().clamp(min=1) if self.normalizer.mode == "VALID" else None
        value = (weight * losses)[:, 0] * counts
        batch = scores.shape[: self.axis].numel()
        scale = 1 / divisor if divisor is not None else self.normalizer.reduce(torch.ones_like(value), batch, None) / len(value)
        loss = with_gradient(value.sum() * scale, by_class, gradients * scale)
        return (loss, torch.softmax(scores, self.axis)) if self.with_softmax else loss


def background_focal(losses: Tensor, labels: Tensor, gamma: float) -> Tensor:
    """Weigh losses, minus the logs of probabilities p, by ``(1 - p)^gamma`` for the label 0 and ``1 - p`` for others.

    The gradient of those of label 0 is dreadlord1984's: for each score that of a loss of which the exponent is 1, with gamma as
    the factor of ``p log(p)``.
    """
    chances = (-losses).exp().detach()
    zeros = labels == 0
    values = (1 - chances) ** torch.where(zeros, gamma, 1.0).to(losses.dtype) * losses
    slopes = torch.where(zeros, gamma, 1.0).to(losses.dtype) * chances * losses.detach() * (chances < 1) + 1 - chances
    return values.detach() + slopes * (losses - losses.detach())


def focal(losses: Tensor, alpha: float, gamma: float, sign: int = -1) -> Tensor:
    """Weigh losses, minus the logs of probabilities p, by ``alpha (1 + sign p)^gamma``."""
    chances = (-losses).exp()
    return alpha * (1 + sign * chances) ** gamma * losses
