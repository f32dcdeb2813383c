"""EuclideanLoss: half the squared distance; L1Loss, from NVIDIA's fork: the distance of every number."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor
from torch.nn import functional as F

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.loss_normalizer import check_same_batch
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


class _Distance(Layer):
    """Both bottoms get a gradient."""

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_batch(spec, shapes)
        if math.prod(shapes[0]) != math.prod(shapes[1]):
            raise spec.refuse(f"has bottoms of shapes {shapes[0]} (`{spec.bottoms[0]}`) and {shapes[1]} "
                              f"(`{spec.bottoms[1]}`); they must hold equally many numbers", "bottom", 1)


@register("EuclideanLoss")
class EuclideanLoss(_Distance):
    """``sum((a - b)^2) / (2 N)``, N the size of the first axis."""

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return F.mse_loss(a, b.reshape(a.shape), reduction="sum") / (2 * len(a))


@register("L1Loss")
class L1Loss(_Distance):
    """``sum(|a - b|) / N``, N the size of the first axis. From NVIDIA's fork, for DetectNet."""

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return F.l1_loss(a, b.reshape(a.shape), reduction="sum") / len(a)
