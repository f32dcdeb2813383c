"""HashingLoss: codes near 1 and -1, alike for images that share labels. Of leetonfreestyle/DMSH, for image retrieval."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_same_batch
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_PARAM = "hashing_loss_param"
_FEW = 0.1  # a smaller share of like pairs has only some of the unlike ones counted


@register("HashingLoss")
class HashingLoss(Layer):
    """The mean of a cost of pairs, plus ``tradeoff / N * sum ||b| - 1|``: bottoms codes b (N, K), labels (N, L) of 0 and 1.

    Of each two items, with d the squared distance of their codes and s the number of labels that they share:

    - like, ``s >= 1``: ``max(d - 4 K bi_margin exp(-s), 0)``;
    - unlike: ``max(2 K - d, 0)``. If fewer than a tenth of the pairs have ``s >= nsim``, each unlike pair counts at random
      only, so that as many as nine times the like ones are left: in TEST, too.

    The gradient is the fork's, which is not the derivative: of the pairs it is that of half their sum over N (N - 1),
    whichever are counted; of the last term, ``tradeoff / N``, upwards for b >= 1 and for -1 <= b <= 0, else downwards.
    Without a pair that counts the mean is 0, there not a number.
    """

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_batch(spec, shapes)
        check_least_axes(spec, shapes, 2, 0)
        for index, shape in enumerate(shapes):
            if any(size != 1 for size in shape[2:]):
                raise spec.refuse(f"wants codes (N, K) and labels (N, L); `{spec.bottoms[index]}` has shape {shape}, and "
                                  "any further axes must have size 1", "bottom", index)
        param = spec.message.hashing_loss_param
        self.margin: float = param.bi_margin
        self.tradeoff: float = param.tradeoff
        self.alike: int = param.nsim

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, codes: Tensor, labels: Tensor) -> Tensor:
        loss, gradient = self._loss_and_gradient(codes.detach().flatten(1), labels.detach().flatten(1).to(codes.dtype))
        return with_gradient(loss, codes, gradient.reshape(codes.shape))

    def _loss_and_gradient(self, b: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        n, bits = b.shape
        shared = labels @ labels.t()
        like, counted = shared >= 1, self._counted(shared)
        distance = (b[:, None] - b).square().sum(2)
        beyond = torch.where(like, distance - 4 * bits * self.margin * (-shared).exp(), 2 * bits - distance)
        cost = (beyond.clamp(min=0) * counted).sum() / counted.sum().clamp(min=1)
        loss = cost + self.tradeoff * (b.abs() - 1).abs().sum() / n

        pull = torch.where(like, (beyond >= 0).to(b.dtype), -(beyond > 0).to(b.dtype)) * counted / max(n * (n - 1), 1)
        pull = pull + pull.t()
        upwards = (b >= 1) | ((b <= 0) & (b >= -1))
        gradient = b * pull.sum(1, keepdim=True) - pull @ b + self.tradeoff / n * torch.where(upwards, 1.0, -1.0)
        return loss, gradient

    def _counted(self, shared: Tensor) -> Tensor:
        """True for each pair (i, j), i < j, that counts."""
        pairs = torch.ones_like(shared, dtype=torch.bool).triu(1)
        share = ((shared >= self.alike) & pairs).sum() / pairs.sum().clamp(min=1)
        chance = torch.where(share < _FEW, (share / _FEW - share) / (1 - share), 2.0)
        return pairs & ((shared >= 1) | (torch.rand_like(shared) <= chance))
