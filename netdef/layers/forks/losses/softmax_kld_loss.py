"""SoftmaxKLDLoss: the divergence of a softmax from given probabilities. Of caffe_latte (fireae), by Ayan Chakrabarti."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_same_count, refuse_shapes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.loss_normalizer import Normalizer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_TINY = torch.finfo(torch.float32).tiny


@register("SoftmaxKLDLoss")
class SoftmaxKLDLoss(Layer):
    """The sum of ``q (log q - log p)``, p the softmax of the scores along ``axis``, over a divisor of `Normalizer`.

    A third bottom has a factor for each prediction; VALID, the default, then divides by the sum of their sizes. The gradient is
    the fork's, ``p - q``, also where q does not add up to 1.
    """

    n_bottoms = between(2, 3)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.axis = canonical_axis(spec, spec.message.softmax_param.axis, len(shapes[0]), "softmax_param", "axis")
        check_same_count(spec, shapes[:2])
        count = math.prod(shapes[0]) // max(shapes[0][self.axis], 1)
        if len(shapes) == 3 and math.prod(shapes[2]) != count:
            raise refuse_shapes(spec, shapes, 2, f"the third has a factor for each of {count} predictions")
        self.normalizer = Normalizer(spec, default="VALID")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, targets: Tensor, factors: Tensor | None = None) -> Tensor:
        p, q = x.detach().softmax(self.axis), targets.detach().to(x.dtype).reshape(x.shape)
        shares = q * (q.clamp(min=_TINY).log() - p.clamp(min=_TINY).log())
        mode, count = self.normalizer.mode, p.numel() // max(p.shape[self.axis], 1)
        divisor: float | Tensor = max(1, {"BATCH_SIZE": math.prod(p.shape[: self.axis]), "NONE": 1}.get(mode, count))
        gradient = p - q
        if factors is not None:
            factors = factors.detach().to(x.dtype)
            if mode == "VALID":
                divisor = factors.abs().sum().clamp(min=1)
            factors = factors.reshape(*p.shape[: self.axis], 1, *p.shape[self.axis + 1 :])
            shares, gradient = shares * factors, gradient * factors
        return with_gradient(shares.sum() / divisor, x, gradient / divisor)
