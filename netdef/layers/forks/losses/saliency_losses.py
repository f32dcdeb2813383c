"""KLDivLoss and NSSLoss: how well a map predicts where people look. Of a public fork that sunnycia's nets are written for."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_axes, check_same_shape
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_TINY = 1e-6


class _MapLoss(PairLoss):
    """The base of both. Bottoms: predicted maps (N, 1, H, W) and true ones; the latter get no gradient."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        check_same_shape(spec, shapes)
        if shapes[0][1] != 1:
            raise spec.refuse(f"wants maps of one channel; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)


@register("KLDivLoss")
class KLDivLoss(_MapLoss):
    """The divergence ``sum q log(q / (p + e) + e) / N``, p and q the two maps over their sums of sizes, e = 1e-6.

    The gradient is the fork's, ``-q (S - x) / (S x + e) / N`` with S the sum of sizes of the map x. It leaves out that S, which
    also divides the other places of the map, depends on x.
    """

    def forward(self, x: Tensor, targets: Tensor) -> Tensor:
        targets = targets.detach().to(x.dtype)
        value = x.detach()
        total = value.abs().sum((1, 2, 3), keepdim=True)
        q = targets / (targets.abs().sum((1, 2, 3), keepdim=True) + _TINY)
        p = value / (total + _TINY)
        loss = (q * (q / (p + _TINY) + _TINY).log()).sum() / len(x)
        return with_gradient(loss, x, -q * (total - value) / (total * value + _TINY) / len(x))


@register("NSSLoss")
class NSSLoss(_MapLoss):
    """Minus the mean over N of ``sum x q``, q the true map over its sum of sizes; x should have mean 0 and deviation 1."""

    def forward(self, x: Tensor, targets: Tensor) -> Tensor:
        targets = targets.detach().to(x.dtype)
        q = targets / targets.abs().sum((1, 2, 3), keepdim=True)
        return -(x * q).sum() / len(x)
