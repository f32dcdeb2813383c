"""EuclideanLoss: half the squared distance. L1Loss, from NVIDIA's fork: the sum of absolute differences."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor
from torch.nn import functional as F

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_same_batch, check_same_count
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


class _Distance(Layer):
    """A loss of two bottoms of equally many numbers; both get a gradient."""

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_batch(spec, shapes)
        check_same_count(spec, shapes)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]


@register("EuclideanLoss")
class EuclideanLoss(_Distance):
    """``sum((a - b)^2) / (2 N)``, N the size of the first axis."""

    @classmethod
    def allows_force_backward(cls, bottom: int) -> bool:
        return True

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return F.mse_loss(a, b.reshape(a.shape), reduction="sum") / (2 * len(a))


@register("L1Loss")
class L1Loss(_Distance):
    """``sum(|a - b|) / N``, N the size of the first axis. From NVIDIA's fork, for DetectNet."""

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return F.l1_loss(a, b.reshape(a.shape), reduction="sum") / len(a)
