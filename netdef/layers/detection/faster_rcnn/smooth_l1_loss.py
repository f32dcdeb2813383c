"""SmoothL1Loss, and the layers of online hard example mining, from the forks of Fast R-CNN and R-FCN."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_least_axes, refuse_shapes
from netdef.layers.core.loss_normalizer import Normalizer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


def smooth_l1(x: Tensor, sigma: float) -> Tensor:
    """``(sigma x)^2 / 2`` where ``|x| < 1 / sigma^2``, ``|x| - 1 / (2 sigma^2)`` elsewhere."""
    return F.huber_loss(x, torch.zeros_like(x), reduction="none", delta=1 / sigma**2) * sigma**2


def _check_alike(spec: LayerDefinition, shapes: Sequence[Shape]) -> None:
    """Refuse bottoms that differ in their count or in their first axes."""
    for i, shape in enumerate(shapes):
        if math.prod(shape) != math.prod(shapes[0]) or shape[:1] != shapes[0][:1] or not shape:
            raise refuse_shapes(spec, shapes, i, "they must hold equally many numbers")


@register("SmoothL1Loss")
class SmoothL1Loss(Layer):
    """``sum(outer * smooth_l1(inner * (a - b))) / N``: bottoms a, b and, if given, inner and outer weights.

    All are of one shape, N is the size of the first axis, ``sigma`` says where the parabola ends. Girshick 2015; SSD's
    fork has the first three bottoms only, and no sigma. The weights get no gradient. A second top, in early versions of
    R-FCN's fork, is the loss of each region, (N, 1, height, width).
    """

    n_bottoms = between(2, 4)
    n_tops = between(1, 2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        _check_alike(spec, shapes)
        self.sigma: float = spec.message.smooth_l1_loss_param.sigma
        check_above_zero(spec, self.sigma, "smooth_l1_loss_param", "sigma")
        self.each = len(spec.tops) == 2

    def forward(
        self, a: Tensor, b: Tensor, inner: Tensor | None = None, outer: Tensor | None = None
    ) -> Tensor | tuple[Tensor, Tensor]:
        difference = a - b.reshape(a.shape)
        if inner is not None:
            difference = difference * inner.detach().reshape(a.shape)
        losses = smooth_l1(difference, self.sigma)
        if outer is not None:
            losses = losses * outer.detach().reshape(a.shape)
        loss = losses.sum() / len(a)
        return (loss, _each_region(losses)) if self.each else loss


@register("SmoothL1LossOHEM")
class SmoothL1LossOHEM(Layer):
    """Tops: the loss, and the loss of each region (N, 1, height, width). Bottoms: SmoothL1Loss' without outer weights.

    The loss is ``sum(smooth_l1(weight * (a - b)))`` over ``loss_param``'s normaliser, which counts places (N x height x
    width), VALID like FULL. Shrivastava et al. 2016, as R-FCN's fork has it (Dai et al. 2016).
    """

    n_bottoms = between(2, 3)
    n_tops = between(1, 2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        _check_alike(spec, shapes)
        self.normalizer = Normalizer(spec, default="VALID")
        self.each = len(spec.tops) == 2

    def forward(self, a: Tensor, b: Tensor, weight: Tensor | None = None) -> Tensor | tuple[Tensor, Tensor]:
        difference = a - b.reshape(a.shape)
        if weight is not None:
            difference = difference * weight.detach().reshape(a.shape)
        places = _each_region(smooth_l1(difference, 1.0))
        loss = self.normalizer.reduce(places, len(a), None)
        return (loss, places) if self.each else loss


def _each_region(losses: Tensor) -> Tensor:
    """The sum over axis 1, with four axes."""
    total = losses.sum(1, keepdim=True)
    return total.reshape(total.shape + (1,) * (4 - losses.ndim))


@register("BoxAnnotatorOHEM")
class BoxAnnotatorOHEM(Layer):
    """Labels and box weights of the regions of largest loss; the others' are ``ignore_label`` and 0. No gradient.

    Bottoms: regions (R, 5), their losses, their labels, their box weights. Tops: labels, weights. Of each image (column
    0 of the regions) ``roi_per_img`` regions stay. From R-FCN's fork (Dai et al. 2016).
    """

    n_bottoms = exactly(4)
    n_tops = exactly(2)
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.box_annotator_ohem_param
        for i, shape in enumerate(shapes):
            if shape[:1] != shapes[0][:1] or not shape or (i in (1, 2) and math.prod(shape) != shape[0]):
                raise spec.refuse(f"wants one loss, label and row of weights a region; `{spec.bottoms[i]}` has shape "
                                  f"{shape}, the regions {shapes[0]}", "bottom", i)
        self.keep: int = param.roi_per_img
        self.ignore_label: int = param.ignore_label

    @torch.no_grad()
    def forward(self, regions: Tensor, losses: Tensor, labels: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
        if regions.is_meta:
            return torch.empty_like(labels), torch.empty_like(weights)
        images, losses = regions.reshape(len(regions), -1)[:, 0], losses.flatten()
        dropped = torch.ones(len(regions), dtype=torch.bool, device=regions.device)
        for image in images.unique():
            (mine,) = torch.where(images == image)
            dropped[mine[losses[mine].argsort(descending=True, stable=True)[: self.keep]]] = False
        kept = [
            torch.where(dropped.reshape(-1, *[1] * (x.ndim - 1)), value, x)
            for x, value in ((labels, self.ignore_label), (weights, 0))
        ]
        return kept[0], kept[1]
