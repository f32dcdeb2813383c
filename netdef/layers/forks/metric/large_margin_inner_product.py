"""LargeMarginInnerProduct, the margin of L-Softmax (Liu et al. 2016), of wy1iu's fork."""

from __future__ import annotations

from torch import Tensor

from netdef.layers.core.registry import register
from netdef.layers.forks.metric.margin_inner_product import MarginInnerProduct, psi

_LEAST = 1e-9


@register("LargeMarginInnerProduct")
class LargeMarginInnerProduct(MarginInnerProduct):
    """``x w``, in training with a margin of angle: MarginInnerProduct with weights of any length and the exact gradient.

    The product of each item with its label becomes ``(|x| |w| psi(t) + lambda x w) / (1 + lambda)``. TEST has no margin; the
    fork's nets give ``type: SINGLE`` there.
    """

    param = "largemargin_inner_product_param"

    def product(self, features: Tensor, labels: Tensor, strength: Tensor) -> Tensor:
        top = features @ self.weight.t()
        if not self.training or self.factor == 1:
            return top
        own = labels[:, None]
        plain = top.gather(1, own)
        lengths = features.norm(dim=1, keepdim=True) * self.weight.norm(dim=1)[own] + _LEAST
        margin = lengths * psi(plain / lengths, self.factor)[0]
        return top.scatter(1, own, (margin + strength * plain) / (1 + strength))
