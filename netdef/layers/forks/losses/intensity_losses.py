"""EuclideanLoss6 and CosineSimilarityLoss, of ARL (Shao et al. 2019): how strong the movements of a face are."""

from __future__ import annotations

from torch import Tensor

from netdef.layers.core.arity import exactly
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register

_UNKNOWN, _NEAR = 9, 1e-4  # the label of what is not known, and how near to it numbers count as it


@register("EuclideanLoss6")
class EuclideanLoss6(PairLoss):
    """The mean of ``((x - t) w)^2`` over the targets t that are not 9. Bottoms: x, t and weights w, of equally many numbers.

    As in the fork the gradient has w once where that of the square has it twice. Without a known target the loss is 0, there NaN.
    """

    n_bottoms = exactly(3)

    def forward(self, x: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
        targets, weights = (each.detach().reshape(x.shape).to(x.dtype) for each in (targets, weights))
        known = (targets - _UNKNOWN).abs() >= _NEAR
        error = ((x - targets) * weights).where(known, 0)
        count = known.sum().clamp(min=1)
        return with_gradient(error.square().sum() / count, x, 2 * error / count)


@register("CosineSimilarityLoss")
class CosineSimilarityLoss(PairLoss):
    """1 minus the mean over N of the dot products of two items, which should have length 1."""

    @classmethod
    def allows_force_backward(cls, bottom: int) -> bool:
        return True

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return 1 - (a * b.reshape(a.shape)).sum() / len(a)
