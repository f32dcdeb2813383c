"""Similarity and RankingLoss: classes ranked by products with their prototypes. DeVise (Frome et al. 2013), Qi-Xian's fork."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, refuse_shapes
from netdef.layers.core.labels import check_classes, check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Similarity")
class Similarity(Layer):
    """(N, prototypes): the product of each item (N, ...) with each prototype (prototypes, ...)."""

    n_bottoms = exactly(2)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for index in range(2):
            check_least_axes(spec, shapes, 2, index)
        if math.prod(shapes[0][1:]) != math.prod(shapes[1][1:]):
            raise refuse_shapes(spec, shapes, 1, "items and prototypes must hold equally many numbers")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], bottoms[1][0])]

    def forward(self, x: Tensor, prototypes: Tensor) -> Tensor:
        return x.flatten(1) @ prototypes.flatten(1).t()

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, prototypes = bottoms
        return TorchCode(f"{x}.flatten(1) @ {prototypes}.flatten(1).t()")


@register("RankingLoss")
class RankingLoss(Layer):
    """The mean over items of the sum, over the other classes, of ``max(0, margin - score of the label + score)``.

    Bottoms: scores (N, classes) and labels (N,). With ``trunc`` only the first class of an item that is above 0 counts.
    """

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        param = spec.message.ranking_loss_param
        self.margin: float = param.margin
        self.first_alone: bool = param.trunc

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        scores, labels = scores.flatten(1), labels.detach().reshape(-1, 1).long()
        check_classes(self, labels, scores.shape[1])
        violations = (self.margin - scores.gather(1, labels) + scores).clamp(min=0)
        violations = violations.scatter(1, labels, 0)
        if self.first_alone:
            positive = violations > 0
            violations = violations * (positive & (positive.cumsum(1) == 1))
        return violations.sum() / len(scores)

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        return torch.zeros(shape) if index == 1 else None
