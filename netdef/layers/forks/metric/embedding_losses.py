"""CenterLoss and TripletLoss, from forks for faces: pull the features of one class together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_positive, refuse_shapes
from netdef.layers.core.fillers import filler
from netdef.layers.core.labels import check_classes, check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("CenterLoss")
class CenterLoss(Layer):
    """``sum((x - centre of its class)^2) / (2 N)``: bottoms x (N, features), labels. Wen et al. 2016, ydwen/caffe-face.

    Blob 0: the centres (num_output, features). As in the paper they learn by a rule of their own: the gradient of a
    centre is the sum of ``centre - x`` over the x of its class, over 1 + their number; the loss weight is not in it.
    """

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.center_loss_param
        check_positive(spec, param.num_output, "center_loss_param", "num_output")
        axis = canonical_axis(spec, param.axis, len(shapes[0]), "center_loss_param", "axis")
        if axis != 1:
            raise spec.refuse("takes the features from axis 1 on only", "center_loss_param", "axis")
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        shape = param.num_output, math.prod(shapes[0][1:])
        self.add_blob("centers", shape, filler(spec, "center_loss_param", "center_filler", shape=shape))

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        labels, centers = labels.detach().long().flatten(), self.blob("centers")
        check_classes(self, labels, len(centers))
        return _CenterLoss.apply(x.flatten(1), centers, labels)


class _CenterLoss(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, centers: Tensor, labels: Tensor) -> Tensor:
        distance = x - centers[labels]
        ctx.save_for_backward(distance, labels)
        ctx.classes = len(centers)
        return distance.square().sum() / (2 * len(x))

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, None]:
        distance, labels = ctx.saved_tensors
        moves = distance.new_zeros(ctx.classes, distance.shape[1]).index_add_(0, labels, distance)
        members = torch.bincount(labels, minlength=ctx.classes)[:, None]
        return gradient * distance / len(distance), -moves / (members + 1), None


@register("TripletLoss")
class TripletLoss(Layer):
    """``sum(w max(0, margin + |a - p|^2 - |a - n|^2)) / (2 N)`` of anchors, positives, negatives. Schroff et al. 2015.

    The weights w, a fourth bottom, are of DistillingCaffe (liuxianming) and have no gradient; they are 1 without it.
    """

    n_bottoms = between(3, 4)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for i, shape in enumerate(shapes[:3]):
            if shape != shapes[0] or len(shape) < 2:
                raise refuse_shapes(spec, shapes, i, "it wants three of one shape, (N, features)")
        if len(shapes) == 4 and math.prod(shapes[3]) != shapes[0][0]:
            raise refuse_shapes(spec, shapes, 3, "it wants a weight for each item")
        self.margin: float = spec.message.triplet_loss_param.margin

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor, weights: Tensor | None = None) -> Tensor:
        near = (anchor - positive).flatten(1).square().sum(1)
        far = (anchor - negative).flatten(1).square().sum(1)
        losses = (self.margin + near - far).clamp(min=0)
        if weights is not None:
            losses = losses * weights.detach().flatten()
        return losses.sum() / (2 * len(anchor))


def _has_triplets(spec: LayerDefinition) -> bool:
    param = spec.message.triplet_loss_param
    return param.HasField("num_triplets") and not param.HasField("losstype")


@register("TripletLoss", when=_has_triplets)
class TripletLossOfSets(Layer):
    """`TripletLoss` of items one after the other: the first three of each ``num_triplets``. Of QaDWH (Zhang and Peng 2018).

    Bottoms: items (N, features, ...), labels and, if given, scores; the loss depends on neither. Only ``margin`` counts besides.
    With a ``losstype`` it is another layer, of sets with negatives.
    """

    n_bottoms = between(2, 3)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.triplet_loss_param
        self.each, self.margin = param.num_triplets, param.margin
        if self.each < 3 or len(shapes[0]) < 2 or shapes[0][0] % self.each:
            raise spec.refuse(f"has `num_triplets` {self.each}; it must be at least 3 and divide the number of items of its "
                              f"bottom, of shape {shapes[0]}", "triplet_loss_param", "num_triplets")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, items: Tensor, *others: Tensor) -> Tensor:
        anchor, positive, negative = items.flatten(1).unflatten(0, (-1, self.each)).unbind(1)[:3]
        near, far = (anchor - positive).square().sum(1), (anchor - negative).square().sum(1)
        return (self.margin + near - far).clamp(min=0).sum() / (2 * len(anchor))
