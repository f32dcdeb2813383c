"""Regions of people and of what is around them, for actions, as R*CNN has them (Gkioxari et al. 2015): of zimenglan's fork."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_positive, refuse_shapes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

_PRIMARY, _SCORES, _SIMILAR = "extract_primary_param", "secondary_regions_op_scores_param", "similary_euclidean_loss_param"


@register("ExtractPrimary")
class ExtractPrimary(Layer):
    """Regions (N, ...), those of each of ``ims_per_batch`` images in turn, to the first of each and all others.

    A net may be built for one region an image, as deploy nets are there; a pass needs more.
    """

    n_tops = exactly(2)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        self.images: int = spec.message.extract_primary_param.ims_per_batch
        check_positive(spec, self.images, _PRIMARY, "ims_per_batch")
        if shapes[0][0] % self.images:
            raise spec.refuse(f"has {shapes[0][0]} regions for {self.images} images; it wants as many for each", "bottom", 0)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        regions, *rest = bottoms[0]
        return [(self.images, *rest), (regions - self.images or 1, *rest)]

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        if len(x) == self.images:
            raise NetdefError(f"layer `{self.name}` ({self.type_name}) got one region an image, {len(x)} in all; it wants more")
        regions = x.unflatten(0, (self.images, -1))
        return regions[:, 0], regions[:, 1:].flatten(0, 1)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        regions = f"{bottoms[0]}.unflatten(0, ({self.images}, -1))"
        return TorchCode(f"{regions}[:, 0], {regions}[:, 1:].flatten(0, 1)")


@register("SecondaryRegionsOpScores")
class SecondaryRegionsOpScores(Layer):
    """Scores of regions (images x regions, ...) to those of images: the largest, the sum or the mean, by ``op_scores``.

    The regions of an image are ``n_secondary_regions``, less one with ``has_scene_branch``; with a second bottom, which has a
    number for each image, as many as there are. Of MAX, a second top has the region's index of each largest score, and a third
    that of the score. The gradient of SUM is that of the mean, as in the fork.
    """

    n_bottoms = between(1, 2)
    n_tops = between(1, 3)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.secondary_regions_op_scores_param
        check_least_axes(spec, shapes, 2)
        self.operation: str = param.OpScoresMethod.Name(param.op_scores)
        self.regions = 0
        if len(shapes) == 1:
            check_positive(spec, param.n_secondary_regions, _SCORES, "n_secondary_regions")
            self.regions = param.n_secondary_regions - param.has_scene_branch
        else:
            check_least_axes(spec, shapes, 1, 1)
        if (self.regions < 1 and len(shapes) == 1) or shapes[0][0] % (self.regions or shapes[1][0]):
            by = f"{self.regions} an image" if len(shapes) == 1 else f"{shapes[1][0]} images"
            raise spec.refuse(f"has {shapes[0][0]} regions, {by}; it wants as many for each, and one or more", "bottom", 0)
        if self.operation != "MAX" and len(spec.tops) > 1:
            raise spec.refuse("has tops for indices, which only `op_scores: MAX` has", "top", 1)
        self.tops = len(spec.tops)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        images = bottoms[0][0] // self.regions if self.regions else bottoms[1][0]
        return [(images, *bottoms[0][1:])] * self.tops

    def forward(self, x: Tensor, counts: Tensor | None = None) -> Tensor | tuple[Tensor, ...]:
        images = len(x) // self.regions if counts is None else len(counts)
        groups = x.unflatten(0, (images, -1))
        if self.operation != "MAX":
            mean = groups.mean(1)
            return mean if self.operation == "AVE" else with_gradient(groups.sum(1), mean, torch.ones_like(mean))
        top, index = groups.max(1)
        first = torch.arange(images, device=x.device).view(-1, *[1] * (x.ndim - 1)) * groups.shape[1]
        region, size = index + first, math.prod(x.shape[1:])
        within = torch.arange(size, device=x.device).view(x.shape[1:])
        tops = (top, region.to(x.dtype), (region * size + within).to(x.dtype))
        return tops[: self.tops] if self.tops > 1 else top


@register("SimilaryEuclideanLoss")
class SimilaryEuclideanLoss(Layer):
    """``s (learn_lr d^2 - loss_bias) / 2`` of the distance d of two items; s is 1 if their labels agree, else -1.

    Bottoms: features (2, ...) and labels of 2. Only the first item gets a gradient, half of the derivative, and only where the
    loss is at least ``loss_thresh``, as in the fork.
    """

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        if shapes[0][0] != 2 or shapes[1][:1] != (2,) or math.prod(shapes[1]) != 2:
            raise refuse_shapes(spec, shapes, 1, "they must be the features of 2 items, and their labels")
        param = spec.message.similary_euclidean_loss_param
        if not spec.message.HasField(_SIMILAR):
            raise spec.refuse(f"needs a `{_SIMILAR}`, which may be empty")
        self.factor, self.threshold, self.bias = param.learn_lr, param.loss_thresh, param.loss_bias

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        first, second = labels.detach().long().flatten()
        sign = torch.where(first == second, 1.0, -1.0).to(x)
        difference = (x[0] - x[1]).detach()
        loss = 0.5 * sign * (self.factor * difference.square().sum() - self.bias)
        gradient = sign * self.factor * difference / 2 * (loss >= self.threshold)
        return with_gradient(loss, x[0], gradient)
