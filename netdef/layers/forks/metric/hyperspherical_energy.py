"""MHELoss and FeatureIncayLoss, of GuohongWu's fork: classes far apart, and long features."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.fillers import constant
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.labels import check_classes, check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_LEAST = torch.finfo(torch.float32).tiny


@register("MHELoss")
class MHELoss(Layer):
    """lambda times the mean of ``-log(1 - w_k w_y)`` over the items' labels y and all other classes k (Liu et al. 2018).

    Bottoms: the rows w (classes, features), of length 1, and labels. lambda is ``lambda_m``; if that is not given,
    ``lambda_max (1 - (1 + gamma i)^-power)`` in pass i of training, counted from ``iter``; snapshots keep the count. (The fork
    counts passes of TEST, too.) A second top has lambda. Where the logarithm's number is below the least of float32 this takes
    its place, in the gradient, too.
    """

    n_bottoms = exactly(2)
    n_tops = between(1, 2)
    is_loss = True
    passes: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        if shapes[0][0] < 2:
            raise spec.refuse(f"wants rows of 2 or more classes; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        check_one_label_each_item(spec, shapes[1], 1)
        param = spec.message.mhe_loss_param
        self.fixed: float | None = param.lambda_m if param.HasField("lambda_m") else None
        self.most, self.gamma, self.power, self.first = param.lambda_max, param.gamma, param.power, param.iter
        self.with_strength = len(spec.tops) == 2
        if self.fixed is None:
            self.add_constant("passes", (1, 1), constant(0.0))
            self.carried = ("passes",)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()] * (1 + self.with_strength)

    def forward(self, rows: Tensor, labels: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        rows, labels = rows.flatten(1), labels.detach().long().flatten()
        check_classes(self, labels, len(rows))
        gap = 1 - rows[labels] @ rows.t()
        fixed = gap.detach().clamp(min=_LEAST)
        others = torch.arange(len(rows), device=rows.device) != labels[:, None]
        energy = torch.where(others, with_gradient(-fixed.log(), gap, -1 / fixed), 0).sum() / (len(labels) * (len(rows) - 1))
        strength = self._strength(rows)
        return (energy * strength, strength) if self.with_strength else energy * strength

    def _strength(self, rows: Tensor) -> Tensor:
        """Lambda of this pass."""
        if self.fixed is not None:
            return rows.new_tensor(self.fixed)
        count = self.first + self.passes[0, 0].double()
        if self.training:
            self.passes = self.passes + 1
        return (self.most * (1 - (1 + self.gamma * count) ** -self.power)).to(rows)


@register("FeatureIncayLoss")
class FeatureIncayLoss(Layer):
    """``sum(1 / |x|^2) / N`` over the items of which the score at the label is the highest (Yuan et al. 2017).

    Bottoms: features x, ``1 / |x|`` of each item, scores (N, classes), labels. The gradient, of x alone, is
    ``-2 x / |x|^4``, not divided by N, as in the fork. There an item whose score was the highest in an earlier pass keeps its
    gradient; here each pass stands for itself.
    """

    n_bottoms = exactly(4)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        items = shapes[0][0]
        check_least_axes(spec, shapes, 2, 2)
        for place in (1, 3):
            check_one_label_each_item(spec, shapes[place], place, items)
        if shapes[2][0] != items or math.prod(shapes[2][1:]) < 1:
            raise spec.refuse(f"has {items} items and scores of shape {shapes[2]}", "bottom", 2)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, inverse: Tensor, scores: Tensor, labels: Tensor) -> Tensor:
        right = scores.detach().flatten(1).argmax(1) == labels.detach().long().flatten()
        inverse = inverse.detach().flatten() * right
        flat = x.flatten(1)
        return with_gradient(inverse.square().sum() / len(x), flat, -2 * inverse[:, None] ** 4 * flat.detach())
