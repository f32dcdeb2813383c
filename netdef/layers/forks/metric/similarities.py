"""DotProductSimilarity and EuclideanSimilarity, and losses and scores of them: wanji/caffe-sl, for similarity learning."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import did_you_mean
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_same_count, refuse_shapes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "triplet_loss_param"


class _ItemSimilarity(Layer):
    """The base of both: a number (N, 1, 1, 1) for the two items of each index."""

    n_bottoms = exactly(2)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        if math.prod(shapes[1]) != math.prod(shapes[0]) or shapes[1][0] != shapes[0][0]:
            raise refuse_shapes(spec, shapes, 1, "both must hold as many items of as many numbers")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], 1, 1, 1)]


@register("DotProductSimilarity")
class DotProductSimilarity(_ItemSimilarity):
    """The dot product of two items."""

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return dot_products(a, b)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"dot_products({bottoms[0]}, {bottoms[1]})", functions=(dot_products,))


@register("EuclideanSimilarity")
class EuclideanSimilarity(_ItemSimilarity):
    """Minus half the squared distance of two items."""

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return negative_squares(a, b)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"negative_squares({bottoms[0]}, {bottoms[1]})", functions=(negative_squares,))


def dot_products(a: Tensor, b: Tensor) -> Tensor:
    """The dot products (N, 1, 1, 1) of items."""
    return (a.flatten(1) * b.reshape(len(b), -1)).sum(1)[:, None, None, None]


def negative_squares(a: Tensor, b: Tensor) -> Tensor:
    """Minus half the squared distances (N, 1, 1, 1) of items."""
    return (a.flatten(1) - b.reshape(len(b), -1)).square().sum(1)[:, None, None, None] / -2


_SIMILARITIES = {"DotProductSimilarity": dot_products, "EuclideanSimilarity": negative_squares}


def ranking_loss(positive: Tensor, negative: Tensor, margin: float, sample: bool) -> Tensor:
    """The mean of ``max(0, margin - positive + negative)``, with the fork's gradient; see `PairwiseRankingLoss`."""
    costs = (margin - positive + negative).clamp(min=0).detach()
    counted = (costs > 0) & (positive > negative) if sample else costs > 0
    difference = negative - positive
    return with_gradient(costs.mean(), difference, counted.to(difference))


@register("PairwiseRankingLoss")
class PairwiseRankingLoss(PairLoss):
    """The mean of ``max(0, margin - p + n)`` of similarities p and n. With ``sample`` those with p at most n do not learn.

    As in the fork the gradients of p and n are -1 and 1 where that is above 0, as of a sum; the fork leaves out a loss weight.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.triplet_loss_param
        self.margin, self.sample = param.margin, param.sample

    def forward(self, positive: Tensor, negative: Tensor) -> Tensor:
        return ranking_loss(positive.flatten(), negative.flatten(), self.margin, self.sample)


@register("RankAccuracy")
class RankAccuracy(Layer):
    """The share of similarities that are above those of the second bottom."""

    n_bottoms = exactly(2)
    is_score = True
    larger_is_better = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_count(spec, shapes)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    @torch.no_grad()
    def forward(self, positive: Tensor, negative: Tensor) -> Tensor:
        return (positive.flatten() > negative.flatten()).to(positive.dtype).mean()


@register("NaiveTripletLoss")
class NaiveTripletLoss(Layer):
    """`PairwiseRankingLoss` and `RankAccuracy` of items: a third queries, a third positives, a third negatives.

    ``sim_type`` is the type of their similarity.
    """

    n_tops = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        param = spec.message.triplet_loss_param
        if shapes[0][0] % 3 or not shapes[0][0]:
            raise spec.refuse(f"wants a multiple of 3 items; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        if param.sim_type not in _SIMILARITIES:
            raise spec.refuse(f"has an unknown `sim_type` `{param.sim_type}`{did_you_mean(param.sim_type, _SIMILARITIES)}", PARAM,
                              "sim_type")
        self.kind, self.margin, self.sample = param.sim_type, param.margin, param.sample

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(), ()]

    def forward(self, items: Tensor) -> tuple[Tensor, Tensor]:
        query, positive, negative = items.chunk(3)
        near, far = (_SIMILARITIES[self.kind](query, other).flatten() for other in (positive, negative))
        accuracy = (near > far).to(items.dtype).mean()
        return ranking_loss(near, far, self.margin, self.sample), accuracy
