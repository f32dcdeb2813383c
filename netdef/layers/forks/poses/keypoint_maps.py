"""Losses and a score of maps of keypoints: tpfister's and CMU's for poses, hhy5277's for cars, where some are hidden."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least, check_axes, check_least_axes, check_same_shape, refuse_shapes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "keypoint_acc_param"


class _MapsLoss(Layer):
    """A loss of maps x and true maps t, both (N, keypoints, ...)."""

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        check_same_shape(spec, shapes[:2])

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]


@register("EuclideanLossHeatmap")
class EuclideanLossHeatmap(_MapsLoss):
    """The mean of ``(x - t)^2``, with the gradient ``x - t``, as in tpfister's fork (Pfister et al. 2015).

    A third bottom, the images, is there only drawn under the maps.
    """

    n_bottoms = between(2, 3)

    def forward(self, x: Tensor, t: Tensor, *images: Tensor) -> Tensor:
        difference = x - t
        return with_gradient(difference.square().mean(), x, difference)


@register("EuclideanmaskLoss")
class EuclideanmaskLoss(_MapsLoss):
    """``sum((x - t)^2) / (2 N)`` over the maps whose number in the third bottom is above 0.5, and each item's last map.

    Of convolutional pose machines' fork (CMU). Both x and t get a gradient.
    """

    n_bottoms = exactly(3)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        n, maps = shapes[0][:2]
        if math.prod(shapes[2]) != n * maps:
            raise refuse_shapes(spec, shapes, 2, "it wants a number for each map")

    def forward(self, x: Tensor, t: Tensor, mask: Tensor) -> Tensor:
        counted = mask.detach().reshape(x.shape[:2]) > 0.5
        counted[:, -1] = True
        losses = (x - t).flatten(2).square().sum(2)
        return losses.where(counted, 0).sum() / (2 * len(x))


@register("KeypointL2Loss")
class KeypointL2Loss(_MapsLoss):
    """``sum((x - t)^2) / (2 N)`` over the maps of keypoints that are visible: those whose t does not begin below 0."""

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        x, t = x.flatten(2), t.flatten(2)
        visible = t[:, :, :1] >= 0
        return (x - t).where(visible, 0).square().sum() / (2 * len(x))


@register("KeypointAcc")
class KeypointAcc(Layer):
    """The share of visible keypoints whose place in x is less than ``metric`` from that in t; a second top: of each keypoint.

    Bottoms x and t, (N, keypoints, H, W). The place is that of the greatest value, the first of equal ones, with row and
    column over H and W. Visible is a keypoint whose t does not begin with -1. Of none visible the share is 0.
    """

    n_bottoms = exactly(2)
    n_tops = between(1, 2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        check_same_shape(spec, shapes)
        self.distance: float = spec.message.keypoint_acc_param.metric
        check_at_least(spec, self.distance, 0, PARAM, "metric")
        self.n_outputs = max(1, len(spec.tops))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(), (bottoms[0][1],)][: self.n_outputs]

    @torch.no_grad()
    def forward(self, x: Tensor, t: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        (row, column), (true_row, true_column) = _places(x), _places(t)
        near = (row - true_row).square() + (column - true_column).square() < self.distance**2
        visible = (t[:, :, 0, 0] + 1).abs() > 1e-6
        right = (near & visible).to(x.dtype)
        share = right.sum() / visible.sum().clamp(min=1)
        return (share, right.sum(0) / visible.sum(0).clamp(min=1)) if self.n_outputs > 1 else share


def _places(maps: Tensor) -> tuple[Tensor, Tensor]:
    """Row over height and column over width of the greatest value of each map (N, keypoints, H, W)."""
    height, width = maps.shape[2:]
    place = maps.flatten(2).argmax(2)
    return (place // width).to(maps.dtype) / height, (place % width).to(maps.dtype) / width
