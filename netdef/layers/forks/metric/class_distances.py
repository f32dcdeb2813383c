"""InnerDistance, GeneralTripletLoss and GeneralContrastiveLoss of NormFace (Wang et al. 2017): distances to class centres."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_least_axes, check_positive
from netdef.layers.core.fillers import filler
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.labels import check_classes, check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.forks.metric.unit_length import row_lengths, scale_rows_

PARAM = "inner_distance_param"


@register("InnerDistance")
class InnerDistance(Layer):
    """The distance of each item of bottom 0 to each row of a matrix: ``|x - w|^2`` (L2) or ``sum(|x - w|)`` (L1).

    The matrix is blob 0, (num_output, features), or bottom 1 if it is given. With ``normalize`` the rows of the blob have
    length 1: a TRAIN pass first divides the blob itself, and its gradient is that of the divided rows, as in happynear's fork.
    A text with two ``param`` is of the fork's first version, where blob 1 (num_output) is added unless ``bias_term`` is false.
    With ``update_center_only`` the last bottom is labels, and a row gets its gradient from the items of its class alone.
    """

    n_bottoms = between(1, 3)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = spec.message.inner_distance_param, shapes[0]
        self.axis = canonical_axis(spec, param.axis, len(shape), PARAM, "axis")
        self.own_only: bool = param.update_center_only
        given = len(shapes) - self.own_only
        if given not in (1, 2):
            raise spec.refuse(f"has {len(shapes)} bottoms; it wants x, the rows or none, and labels with `update_center_only`",
                              "bottom", len(shapes) - 1)
        if param.distance_type not in ("L2", "L1"):
            raise spec.refuse(f'has `distance_type` "{param.distance_type}"; it is L2 or L1', PARAM, "distance_type")
        if param.transpose:
            raise spec.refuse("has `transpose`, which its fork accepts and computes as if it were not there", PARAM, "transpose")
        self.squares = param.distance_type == "L2"
        features = math.prod(shape[self.axis:])
        if given == 1:
            check_positive(spec, param.num_output, PARAM, "num_output")
            rows: Shape = (param.num_output, features)
            self.add_blob("weight", rows, filler(spec, PARAM, "weight_filler", shape=rows))
            if len(spec.message.param) == 2 and param.bias_term:
                bias = (param.num_output,)
                self.add_blob("bias", bias, filler(spec, PARAM, "bias_filler", shape=bias))
        elif len(shapes[1]) < 2 or math.prod(shapes[1][1:]) != features:
            raise spec.refuse(f"wants rows of {features} numbers in `{spec.bottoms[1]}`, which has shape {shapes[1]}",
                              "bottom", 1)
        self.normalize = param.normalize and given == 1
        if self.own_only:
            check_one_label_each_item(spec, shapes[-1], len(shapes) - 1, math.prod(shape[: self.axis]))

    def forward(self, x: Tensor, *others: Tensor) -> Tensor:
        labels = others[-1].detach().long().flatten() if self.own_only else None
        rows = others[0].flatten(1) if len(others) > self.own_only else self._rows()
        flat = x.flatten(self.axis).flatten(0, -2) if self.axis else x.reshape(1, -1)
        if labels is None:
            distance = self._distances(flat, rows)
        else:
            check_classes(self, labels, len(rows))
            own = torch.nn.functional.one_hot(labels, len(rows))
            moved = self._distances(flat.detach(), rows)
            distance = self._distances(flat, rows.detach()) + own * (moved - moved.detach())
        if "bias" in self.blob_names:
            distance = distance + self.blob("bias")
        return distance.reshape(*x.shape[: self.axis], -1)

    def _rows(self) -> Tensor:
        """The blob, with rows of length 1 if they are wanted so."""
        rows = self.blob("weight")
        if not self.normalize or rows.is_meta:
            return rows
        if self.training:
            scale_rows_(rows)
            return rows
        return rows / row_lengths(rows)

    def _distances(self, x: Tensor, rows: Tensor) -> Tensor:
        if not self.squares:
            return torch.cdist(x, rows, p=1)
        return x.square().sum(1, keepdim=True) - 2 * x @ rows.t() + rows.square().sum(1)


class ClassDistanceLoss(Layer):
    """The base of losses of happynear's fork: bottoms distances (N, classes) and labels, tops loss and, if asked for, two means.

    Their gradients are not those of the loss, but the fork's own. Where a third bottom is taken, a weight for each item, over
    the mean weight, multiplies the gradient alone.
    """

    n_bottoms = exactly(2)
    n_tops = between(1, 2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        self.classes = math.prod(shapes[0][1:])
        if self.classes < 2:
            raise spec.refuse(f"wants distances to 2 or more classes; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        for place in range(1, len(shapes)):
            check_one_label_each_item(spec, shapes[place], place, shapes[0][0])
        self.with_means = len(spec.tops) == 2

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(), (2,)][: 1 + self.with_means]

    def forward(self, distances: Tensor, labels: Tensor, weights: Tensor | None = None) -> Tensor | tuple[Tensor, Tensor]:
        labels = labels.detach().long().flatten()
        check_classes(self, labels, self.classes)
        flat = distances.flatten(1)
        with torch.no_grad():
            losses, gradients, means = self.measure(flat.detach(), torch.nn.functional.one_hot(labels, self.classes).bool())
            if weights is not None:
                gradients = gradients * (weights / weights.mean()).reshape(-1, 1)
        count = len(flat)
        loss = with_gradient(losses.sum() / count, flat, gradients.to(flat) / count)
        return (loss, means) if self.with_means else loss

    def measure(self, distances: Tensor, own: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The loss and the gradient of each distance, both (N, classes), and the means; ``own`` is true at each label."""
        raise NotImplementedError


@register("GeneralTripletLoss")
class GeneralTripletLoss(ClassDistanceLoss):
    """``sum(negative_weight max(0, own + margin - other)) / N`` of each distance but that to the item's own class.

    ``hardest_only``: of an item the greatest alone. ``positive_first``: none of an item whose own distance is above
    ``positive_upper_bound``. The gradient is ``-negative_weight`` at each that counts, and ``positive_weight`` at the own
    distance, once, if any does, or always with ``add_center_loss``; both over N. Second top: the means of the own distances and
    of the others. Of happynear's fork.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.general_triplet_loss_param
        self.margin, self.weights = param.margin, (param.positive_weight, param.negative_weight)
        self.always: bool = param.add_center_loss
        self.hardest_only: bool = param.hardest_only
        self.bound: float = param.positive_upper_bound if param.positive_first else math.inf

    def measure(self, distances: Tensor, own: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        same = distances[own][:, None]
        losses = (same + self.margin - distances).clamp(min=0).masked_fill(own, 0) * self.weights[1]
        if self.hardest_only:
            losses = torch.zeros_like(losses).scatter(1, losses.argmax(1, keepdim=True), losses.amax(1, keepdim=True))
        far = same > self.bound
        losses = losses.masked_fill(far, 0)
        counts = losses > 0
        pulled = far | counts.any(1, keepdim=True) if not self.always else torch.ones_like(far)
        gradients = self.weights[0] * (own & pulled) - self.weights[1] * counts
        return losses.abs(), gradients, torch.stack((same.mean(), distances[~own].mean()))


@register("GeneralContrastiveLoss")
class GeneralContrastiveLoss(ClassDistanceLoss):
    """``sum(positive_weight p + negative_weight n) / N`` over the distances: p of each item's own class, n of the others.

    ``p = min(positive_outlier_thresh, max(0, own - positive_margin))``; ``n = max(0, negative_margin - other)``, or with
    ``exp_negative_weight`` ``exp(-other)`` where that is above 0. ``positive_first``: no n of an item whose own distance is above
    ``positive_upper_bound``. The gradient is the weight of each that counts, times ``exp(-other)`` with
    ``exp_negative_weight``, over N. With ``normalize_negative`` those of the others are divided by their sum over that number and
    N, if this is more than ``positive_weight``. Second top: the means of p and of ``max(0, negative_margin - other)``. Of
    happynear's fork.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        name = "general_contrastive_loss_param"
        param = spec.message.general_contrastive_loss_param
        for field in ("max_negative_only", "max_positive_only", "add_intra_mae"):
            if getattr(param, field):
                raise spec.refuse(f"has `{field}`, which is not implemented: its fork takes the extreme of the wrong side, or of "
                                  "earlier passes", name, field)
        self.weights = param.positive_weight, param.negative_weight
        self.margins, self.outlier = (param.positive_margin, param.negative_margin), param.positive_outlier_thresh
        self.exponential: bool = param.exp_negative_weight
        self.norm: float | None = param.normalize_negative if param.HasField("normalize_negative") else None
        if self.norm is not None and not self.norm > 0:
            raise spec.refuse(f"has `normalize_negative` {self.norm:g}; it must be above 0", name, "normalize_negative")
        self.bound: float = param.positive_upper_bound if param.positive_first else math.inf

    def measure(self, distances: Tensor, own: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        same = distances[own][:, None]
        near = (distances < self.margins[1]) & ~own
        slack = (self.margins[1] - distances) * near
        pulled = (same - self.margins[0]).clamp(0, self.outlier)
        far = same > self.bound
        each = (-distances).exp() * near if self.exponential else near.to(distances)
        others = self.weights[1] * (each if self.exponential else slack).masked_fill(far, 0)
        losses = torch.where(own, self.weights[0] * pulled, others)
        pushed = self.weights[1] * each.masked_fill(far, 0)
        if self.norm is not None:
            total = pushed.sum().abs() / self.norm / len(distances)
            pushed = torch.where(total > self.weights[0], pushed / total, pushed)
        attracted = self.weights[0] * (far | ((same > self.margins[0]) & (same < self.outlier)))
        means = torch.stack((pulled.mean(), slack.sum() / len(distances) / (self.classes - 1)))
        return losses.abs(), torch.where(own, attracted, -pushed), means
