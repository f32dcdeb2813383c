"""CosinAddm and AdaCosAddmScale, of xialuxi's fork: the angular margin of ArcFace (Deng et al. 2019), and with AdaCos's scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.fillers import constant
from netdef.layers.core.labels import check_classes, check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("CosinAddm")
class CosinAddm(Layer):
    """Cosines (N, classes), that of each item's label replaced by the cosine of its angle plus ``m``; labels are bottom 1.

    A cosine of at most ``cos(pi - m)``, whose angle has no room for m, loses ``m sin(m)`` instead. One of 1 or more becomes
    ``cos(m)``, with the gradient of 1. TEST does the same, whatever ``transform_test`` is, as in the fork.
    """

    n_bottoms = exactly(2)
    keeps_shape = True
    param = "cosin_add_m_param"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        self.margin: float = getattr(spec.message, self.param).m

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        cosines, classes = x.flatten(1), labels.detach().long().reshape(-1, 1)
        check_classes(self, classes, cosines.shape[1])
        own = with_angle(cosines.gather(1, classes), self.margin)
        return cosines.scatter(1, classes, own).view_as(x)


@register("AdaCosAddmScale")
class AdaCosAddmScale(CosinAddm):
    """CosinAddm times a scale that follows the cosines, that of AdaCos (Zhang et al. 2019); it gets no gradient.

    The scale is ``sqrt(2) log(num_classes - 1)`` before the first pass. With s the one of the pass before, it is the log of
    the mean over items of ``sum exp(s cosine)`` (the label's own counts as 1), over the cosine of the mean angle or of
    pi / 4, whichever angle is smaller. Items of a label below 0 get no margin. The angles are those of the fork's CPU code;
    its GPU code turns only the first N cosines into angles.
    """

    param = "adacos_add_m_scale_param"
    scale: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        classes = spec.message.adacos_add_m_scale_param.num_classes
        if not classes > 2:
            raise spec.refuse(f"has `num_classes` {classes:g}; it must be above 2", self.param, "num_classes")
        self.first = math.sqrt(2) * math.log(classes - 1)
        self.add_constant("scale", (1, 1), constant(0.0))  # 0 before the first pass
        self.carried = ("scale",)

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        cosines, classes = x.flatten(1), labels.detach().long().reshape(-1, 1)
        labelled = classes >= 0
        check_classes(self, classes.clamp(min=0), cosines.shape[1])
        own = (torch.arange(cosines.shape[1], device=x.device) == classes) & labelled
        top = torch.where(own, with_angle(cosines, self.margin), cosines)
        scale = self._next(cosines.detach(), own)
        self.scale = scale.reshape(1, 1).to(self.scale)
        return (top * scale).view_as(x)

    def _next(self, cosines: Tensor, own: Tensor) -> Tensor:
        """The scale of this pass."""
        before = self.scale.where(self.scale != 0, self.first).to(cosines)
        mean = (before * cosines.where(~own, 0)).exp().sum() / len(cosines)
        angle = cosines.clamp(-1, 1).acos().mean().clamp(max=math.pi / 4)
        return mean.log() / angle.cos()


def with_angle(cosine: Tensor, margin: float) -> Tensor:
    """The cosine of each angle plus ``margin``; see `CosinAddm` for those without room."""
    inside = (cosine > math.cos(math.pi - margin)) & (cosine < 1)
    safe = cosine.where(inside, 0)
    turned = safe * math.cos(margin) - (1 - safe.square()).sqrt() * math.sin(margin)
    at_one = _Replaced.apply(cosine, math.cos(margin))
    return torch.where(inside, turned, torch.where(cosine >= 1, at_one, cosine - margin * math.sin(margin)))


class _Replaced(torch.autograd.Function):
    """A number in place of each value, through which the gradient passes."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, value: float) -> Tensor:
        return torch.full_like(x, value)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return gradient, None
