"""JSDLoss: how far two distributions are apart. Of CJS-CNN (Jin et al. 2018, BestiVictory)."""

from __future__ import annotations

import math

from torch import Tensor

from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register

_TINY = 1e-5


@register("JSDLoss")
class JSDLoss(PairLoss):
    """Half the sum of ``x log(2 x / (x + t)) + t log(2 t / (x + t))`` over N, of distributions x and t: Jensen-Shannon's.

    Where x is at most 1e-5 the term is ``t log 2``, without a gradient, which in the fork is unbounded; where only t is, it
    is ``x log 2``.
    """

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        t = t.detach().reshape(x.shape).to(x.dtype)
        no_x, no_t = x.detach() <= _TINY, t <= _TINY
        a, b = x.where(~(no_x | no_t), 1), t.where(~(no_x | no_t), 1)  # log 1 is 0
        both = a * (2 * a / (a + b)).log() + b * (2 * b / (a + b)).log()
        alone = t * no_x + x.where(no_t & ~no_x, 0)
        return (both + math.log(2) * alone).sum() / (2 * len(x))
