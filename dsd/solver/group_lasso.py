"""Group lasso: decay of whole groups of weights, from the SSL fork (Wen et al. 2016) and MeDNN (Mao et al. 2017)."""

from __future__ import annotations

import math
from typing import NamedTuple

from torch import Tensor


class GroupLasso(NamedTuple):
    """The penalty ``decay * sum of |block|``: L2 norms over blocks of ``rows`` x ``columns`` of a weight.

    The weight is the matrix of its first axis by all others; blocks tile it. One row is a filter, one column of all rows
    a place in the filters' shape.
    """

    rows: int
    columns: int
    decay: float

    @property
    def end(self) -> float:
        """The iteration before which it acts: it always does."""
        return math.inf

    def fits(self, weight: Tensor) -> bool:
        """Whether the blocks tile the weight's matrix."""
        rows = weight.shape[0] if weight.ndim else 1
        return min(self.rows, self.columns) > 0 and not rows % self.rows and not weight.numel() // rows % self.columns

    def add_(self, gradient: Tensor, weight: Tensor) -> None:
        """Add the penalty's gradient, ``decay * w / |block of w|``; a block of zeros has none."""
        matrix = weight.reshape(weight.shape[0] if weight.ndim else 1, -1)
        blocks = matrix.unflatten(1, (-1, self.columns)).unflatten(0, (-1, self.rows))
        norms = blocks.norm(dim=(1, 3), keepdim=True)
        gradient.add_((blocks / norms.where(norms > 0, 1)).reshape(weight.shape), alpha=self.decay)


class KernelLasso(NamedTuple):
    """The penalty ``decay * sum of |group|`` over the rows and the columns of square kernels (outputs, inputs, K, K).

    A group is one row, or one column, of the kernels for one input in all filters; filters of each of ``groups`` alone.
    """

    groups: int
    decay: float

    @property
    def end(self) -> float:
        """The iteration before which it acts: it always does."""
        return math.inf

    def fits(self, weight: Tensor) -> bool:
        """Whether the weight holds square kernels."""
        return weight.ndim == 4 and weight.shape[2] == weight.shape[3]

    def add_(self, gradient: Tensor, weight: Tensor) -> None:
        """Add the penalty's gradient, ``decay * w / |group of w|`` for both; a group of zeros has none."""
        kernels = weight.unflatten(0, (self.groups, -1))
        for across in (4, 3):
            norms = kernels.norm(dim=(1, across), keepdim=True)
            gradient.add_((kernels / norms.where(norms > 0, 1)).reshape(weight.shape), alpha=self.decay)
