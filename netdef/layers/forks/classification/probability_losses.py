"""CrossEntropyLoss and SoftmaxCrossEntropyLoss, of several forks: cross-entropies of probabilities and of scores of classes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_same_shape, refuse_shapes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.labels import check_classes, check_one_label_each_item
from netdef.layers.core.loss_normalizer import Normalizer
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_LEAST, _STEEPEST = 1e-20, 1e4


@register("CrossEntropyLoss")
class CrossEntropyLoss(PairLoss):
    """``-t log(p) - (1 - t) log(1 - p)`` of probabilities p and targets t, summed, over N. Of shenyunhang's fork.

    Targets that are ``ignore_value``, and with ``ignore_label`` those at places whose number is that beyond a multiple of the
    number of channels, cost nothing. A probability below 1e-20 counts as that, in the gradient, too, of which no number is
    above 1e4. jolibrain's layer of this name is a score of each item without a gradient, and not this one.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        param = spec.message.cross_entropy_loss_param
        self.value, self.place, self.channels = param.ignore_value, param.ignore_label, shapes[0][1]

    def forward(self, p: Tensor, targets: Tensor) -> Tensor:
        t = targets.detach().reshape(p.shape).to(p.dtype)
        ignored = (t == self.value) | (torch.arange(t.numel(), device=t.device) % self.channels == self.place).view_as(t)
        one, other = (x.detach().clamp(min=_LEAST) for x in (p, 1 - p))
        losses = (-t * one.log() - (1 - t) * other.log()).masked_fill(ignored, 0)
        slopes = ((1 - t) / other - t / one).masked_fill(ignored, 0) / len(p)
        return with_gradient(losses.sum() / len(p), p, slopes.clamp(max=_STEEPEST))


@register("CrossEntropyLoss", when=lambda spec: spec.message.cross_entropy_loss_param.HasField("class_num"))
class ClassCrossEntropyLoss(Layer):
    """CrossEntropyLoss of ``class_num`` probabilities an item, with the target 1 at its label. Of FuchenUSTC's fork."""

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        classes = spec.message.cross_entropy_loss_param.class_num
        if math.prod(shapes[0]) != shapes[0][0] * classes:
            raise refuse_shapes(spec, shapes, 0, f"an item must have `class_num`, {classes}, probabilities")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, p: Tensor, labels: Tensor) -> Tensor:
        flat, labels = p.flatten(1), labels.detach().long().reshape(-1, 1)
        check_classes(self, labels, flat.shape[1])
        own = torch.arange(flat.shape[1], device=flat.device) == labels
        return -torch.where(own, flat, 1 - flat).log().sum() / len(flat)


@register("SoftmaxCrossEntropyLoss")
class SoftmaxCrossEntropyLoss(Layer):
    """``-w t log(p)`` with the softmax p over axis 1 and targets t of the same shape, summed. Of mitmul's fork, and MyCaffe.

    The sum is divided by N, or as ``loss_param``, which MyCaffe reads, says. w are ``weights``, one for each channel, or 1. The
    scores of ``zero_channel`` count as 0; in the fork they become 0 for other layers, too. The gradient is p - t; with
    ``weights``, ``p sum(w t) - w t`` of a channel of weight 0, and 0 of ``zero_channel``.
    """

    n_bottoms = exactly(2)
    is_loss = True
    answer_type = "Softmax"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        name = "softmax_cross_entropy_loss_param"
        param = spec.message.softmax_cross_entropy_loss_param
        check_least_axes(spec, shapes, 2)
        check_same_shape(spec, shapes)
        channels = shapes[0][1]
        if len(param.weights) not in (0, channels):
            raise spec.refuse(f"has {len(param.weights)} `weights` for {channels} channels", name, "weights")
        self.zero: int | None = param.zero_channel if param.zero_channel >= 0 else None
        if self.zero is not None and not (self.zero < channels and param.weights):
            raise spec.refuse(f"has `zero_channel` {self.zero}; it must be one of {channels} channels, and wants `weights`, "
                              "without which its fork leaves the gradient of an earlier pass", name, "zero_channel")
        self.weights = list(param.weights)
        self.normalizer = Normalizer(spec, default="BATCH_SIZE")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, targets: Tensor) -> Tensor:
        scores, t = x.detach(), targets.detach().to(x.dtype)
        spread = (-1, *[1] * (x.ndim - 2))
        channel = torch.arange(x.shape[1], device=x.device).reshape(spread)
        if self.zero is not None:
            scores = scores.where(channel != self.zero, 0)
        p = scores.softmax(1)
        slopes = p - t
        if self.weights:
            weights = x.new_tensor(self.weights).reshape(spread)
            weighted = weights * t
            slopes = torch.where(weights == 0, p * weighted.sum(1, keepdim=True), slopes)
            slopes = slopes if self.zero is None else slopes.where(channel != self.zero, 0)
        else:
            weighted = t
        losses = -(weighted * p.clamp(min=_LEAST).log()).sum(1)
        scale = self.normalizer.reduce(torch.ones_like(losses), len(x), None) / losses.numel()
        return with_gradient(losses.sum() * scale, x, slopes * scale)
