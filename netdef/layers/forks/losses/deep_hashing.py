"""PairwiseLoss and QuantizationLoss: codes of one sign for images that share a label. Of DHN (Zhu et al. 2016)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_same_batch
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("PairwiseLoss")
class PairwiseLoss(Layer):
    """The mean over all pairs of items, of one with itself, too, of ``log(1 + exp(p)) - s p``: p the product of their codes.

    Bottoms: codes (N, K) and labels (N, L) of 0 and 1; s is 1 for items that share a label, else 0. From ``threshold`` on, if
    that is at least 0, a pair costs ``(1 - s) p``. The gradient is that of the first form for every pair, as in the fork.
    HashNet has another layer of this name, of four bottoms.
    """

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 1)
        check_same_batch(spec, shapes)
        self.threshold: float = spec.message.pairwise_param.threshold

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, codes: Tensor, labels: Tensor) -> Tensor:
        labels, rows = labels.detach().reshape(len(labels), -1), codes.detach().reshape(len(codes), -1)
        alike = (labels @ labels.t() > 0).to(rows.dtype)
        products, pairs = rows @ rows.t(), len(rows) ** 2
        losses = F.softplus(products, threshold=math.inf) - alike * products
        if self.threshold >= 0:
            losses = torch.where(products >= self.threshold, (1 - alike) * products, losses)
        gradient = 2 / pairs * (products.sigmoid() - alike) @ rows
        return with_gradient(losses.sum() / pairs, codes, gradient.reshape(codes.shape))


@register("QuantizationLoss")
class QuantizationLoss(Layer):
    """The mean of ``log cosh(|b| - 1)`` of codes b (N, K): how far they are from 1 and -1.

    Where ``|b| - 1`` is above ``threshold``, if that is above 0, it is the size of ``|b| - 1 - log 2``. The gradient is
    ``tanh(|b| - 1) / N`` with the sign of b, as in the fork: K times the derivative of the mean.
    """

    n_bottoms = exactly(1)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 1)
        self.threshold: float = spec.message.quantization_loss_param.threshold

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, codes: Tensor) -> Tensor:
        b = codes.detach()
        off = b.abs() - 1
        far = off.abs() + F.softplus(-2 * off.abs()) - math.log(2)  # log cosh, which does not overflow
        if self.threshold > 0:
            far = torch.where(off > self.threshold, (off - math.log(2)).abs(), far)
        return with_gradient(far.mean(), codes, off.tanh().where(b >= 0, -off.tanh()) / len(b))
