"""LabelSpecificMargin: the angle of each item to its class enlarged, in training. Of happynear's fork and GuohongWu's."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.fillers import constant
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.labels import check_classes, check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_PARAM = "label_specific_margin_param"
_MOST = 1 - 1e-4  # of a cosine
_STEEPEST = 2.0
_KEPT = 0.99  # of the mean angles, in each pass


@register("LabelSpecificMargin")
class LabelSpecificMargin(Layer):
    """In training, the cosine of the angle t at each item's label becomes ``cos(t + m)``, m in degrees, or, SOFT, ``cos(m t)``.

    Bottoms: cosines (N, classes), labels, and perhaps m itself, without a gradient. Else m is the first number of blob
    ``margin``, which no solver learns. It starts at ``margin_base``; if that is given, it is ``margin_base + (1 + gamma
    i)^power - 1`` in pass i, counted from ``iteration``, and at most ``margin_max``, if given. Snapshots keep the count. With
    ``auto_tune``, which wants a second top, the blob has three numbers: m is half of how far the third, a running mean of the
    angles to other classes, is above the second, that of the angles at labels. A second top has m, with ``auto_tune`` the blob.

    As on the fork's GPU, a cosine is within 0.0001 of -1 and 1, an angle ``m t`` above pi is ``m pi``, and the factor of the
    gradient is from 0 to 2, or 1 with ``pass_bp``. m 0 changes nothing, nor does TEST, whatever ``margin_on_test`` is.
    """

    n_bottoms = between(2, 3)
    n_tops = between(1, 2)
    margin: Tensor
    passes: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.label_specific_margin_param
        check_least_axes(spec, shapes, 2)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        if math.prod(shapes[-1]) < 1:
            raise spec.refuse(f"takes the margin from `{spec.bottoms[-1]}`, which is empty", "bottom", len(shapes) - 1)
        self.soft = param.type == param.SOFT
        self.tuned: bool = param.auto_tune
        if self.tuned and (len(spec.tops) < 2 or len(shapes) > 2 or math.prod(shapes[0][1:]) < 2):
            raise spec.refuse("has `auto_tune`, which wants two bottoms, two tops and two classes or more", _PARAM, "auto_tune")
        self.with_margin, self.passes_gradient = len(spec.tops) == 2, param.pass_bp
        self.changes = param.HasField("margin_base")
        self.base, self.gamma, self.power, self.first = param.margin_base, param.gamma, param.power, param.iteration
        self.most = param.margin_max if param.HasField("margin_max") else math.inf
        self.add_blob("margin", (3 if self.tuned else 1,), constant(0.0 if self.tuned else self.base), learnable=False)
        if self.changes:
            self.add_constant("passes", (1, 1), constant(0.0))
            self.carried = ("passes",)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [bottoms[0], (3 if self.tuned else 1,)][: 1 + self.with_margin]

    def forward(self, x: Tensor, labels: Tensor, given: Tensor | None = None) -> Tensor | tuple[Tensor, Tensor]:
        cosines, classes = x.flatten(1), labels.detach().long().reshape(-1, 1)
        check_classes(self, classes, cosines.shape[1])
        if self.training:
            with torch.no_grad():
                self.margin.copy_(self._next(cosines, classes))
        margin = (self.margin.to(x) if given is None else given.detach().flatten()).clone()
        top = x.clone()
        if self.training:
            own = cosines.gather(1, classes)
            top = cosines.scatter(1, classes, torch.where(margin[:1] == 0, own, self._turned(own, margin[:1]))).view_as(x)
        return (top, margin if self.tuned else margin[:1]) if self.with_margin else top

    def _next(self, cosines: Tensor, classes: Tensor) -> Tensor:
        """The blob of this training pass."""
        margin = self.margin.double()
        count = self.first + self.passes[0].double() if self.changes else self.first
        if self.changes:
            margin = torch.cat([self.base + (1 + self.gamma * count) ** self.power - 1, margin[1:]])
            self.passes = self.passes + 1
        margin = torch.cat([margin[:1].clamp(max=self.most), margin[1:]])
        if not self.tuned:
            return margin
        angles = cosines.acos().rad2deg().double()
        own = torch.arange(cosines.shape[1], device=cosines.device) == classes
        means = torch.stack([angles[own].mean(), angles[~own].mean()])
        kept = torch.where(count == 0, 0, _KEPT) if isinstance(count, Tensor) else _KEPT
        means = kept * margin[1:] + (1 - kept) * means
        return torch.cat([(means[1:] - means[:1]) / 2, means])

    def _turned(self, cosine: Tensor, margin: Tensor) -> Tensor:
        """The cosines with the margin (1,)."""
        x = cosine.detach().clamp(-_MOST, _MOST)
        sine = (1 - x.square()).sqrt()
        if self.soft:
            angle = cosine.detach().acos()
            angle = torch.where(margin * angle > math.pi - 1e-4, math.pi - 1e-4, angle)
            top, slope = (margin * angle).cos(), margin * (margin * angle).sin() / sine
        else:
            angle = margin.deg2rad()
            top, slope = x * angle.cos() - sine * angle.sin(), angle.cos() + x / sine * angle.sin()
        slope = torch.ones_like(slope) if self.passes_gradient else slope.clamp(0, _STEEPEST)
        return with_gradient(top, cosine, slope)
