"""LabeledMatching and UnlabeledMatching: features compared with those of earlier passes. Person search, Xiao et al. 2017."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_positive, check_same_batch
from netdef.layers.core.fillers import constant
from netdef.layers.core.labels import check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


class _Matching(Layer):
    """The base of both: the products (N, rows) of features (N, ...) with the rows of blob ``features``.

    Each backward pass in TRAIN changes the blob by the features and labels (N,) of its pass, unless its ``lr_mult`` is 0.
    """

    n_bottoms = exactly(2)
    updates_itself = True
    features: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_batch(spec, shapes)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        self.moves = not spec.message.param or spec.message.param[0].lr_mult != 0
        self.length = math.prod(shapes[0][1:])

    def match(self, x: Tensor, labels: Tensor) -> Tensor:
        """The products, and the change of the blob when their gradients come back."""
        rows = x.flatten(1)
        if not (self.training and self.moves and rows.requires_grad):
            return rows @ self.features.t()
        products: Tensor = _Match.apply(rows, labels.detach().long().flatten(), self)
        return products

    def learn(self, x: Tensor, labels: Tensor) -> None:
        """Change the blob by features (N, length) and labels (N,)."""
        raise NotImplementedError


class _Match(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, labels: Tensor, layer: _Matching) -> Tensor:
        ctx.layer, ctx.seen = layer, (x.detach().clone(), labels)
        return x @ layer.features.t()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        result = gradient @ ctx.layer.features
        ctx.layer.learn(*ctx.seen)
        return result, None, None


@register("LabeledMatching")
class LabeledMatching(_Matching):
    """`_Matching` with a row for each of ``num_classes`` persons, and a second top: labels, -1 for those that are no person.

    A person's row becomes ``momentum`` times itself and the rest of the feature. Blob ``ages`` (num_classes,) counts the passes
    since.
    """

    n_tops = exactly(2)
    ages: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.labeled_matching_param
        check_positive(spec, param.num_classes, "labeled_matching_param", "num_classes")
        self.momentum: float = param.momentum
        self.add_blob("features", (param.num_classes, self.length), learnable=False)
        self.add_blob("ages", (param.num_classes,), learnable=False)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], len(self.features)), bottoms[1]]

    def forward(self, x: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        inside = (labels.trunc() >= 0) & (labels.trunc() < len(self.features))
        return self.match(x, labels), torch.where(inside, labels, -1)

    def learn(self, x: Tensor, labels: Tensor) -> None:
        self.ages += 1
        for row, label in zip(x, labels.tolist()):
            if 0 <= label < len(self.features):
                self.features[label] = self.momentum * self.features[label] + (1 - self.momentum) * row
                self.ages[label] = 0


@register("UnlabeledMatching")
class UnlabeledMatching(_Matching):
    """`_Matching` with the last ``queue_size`` features whose label was -1, persons without a name; first zeros."""

    queue_end: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        size = spec.message.unlabeled_matching_param.queue_size
        check_positive(spec, size, "unlabeled_matching_param", "queue_size")
        self.add_blob("features", (size, self.length), learnable=False)
        self.add_constant("queue_end", (1, 1), constant(0.0))
        self.carried = ("queue_end",)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], len(self.features))]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        return self.match(x, labels)

    def learn(self, x: Tensor, labels: Tensor) -> None:
        end = int(self.queue_end)
        for row in x[labels == -1]:
            self.features[end] = row
            end = (end + 1) % len(self.features)
        self.queue_end = torch.full_like(self.queue_end, end)
