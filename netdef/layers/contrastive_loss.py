"""ContrastiveLoss: pull like pairs together and push unlike ones apart. Hadsell et al. 2006."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_same_batch, refuse_shapes
from netdef.layers.core.labels import check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_SOFTENING = 1e-4


@register("ContrastiveLoss")
class ContrastiveLoss(Layer):
    """The sum of ``d^2`` over like pairs and ``max(0, margin - d)^2`` over unlike ones, divided by 2 N.

    d is the distance between the vectors of bottoms 0 and 1, shape (N, channels); bottom 2, one number a pair, is 0
    for unlike ones (fractions are cut off). With ``legacy_version`` unlike pairs cost ``max(0, margin - d^2)``. As in
    Caffe the gradient of a distance is softened, ``(a - b) / (d + 1e-4)``, so that it is 0 where both are equal.
    """

    n_bottoms = exactly(3)
    is_loss = True

    @classmethod
    def allows_force_backward(cls, bottom: int) -> bool:
        return bottom != 2

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_batch(spec, shapes)
        for i, shape in enumerate(shapes[:2]):
            if math.prod(shape[2:]) != 1:
                raise spec.refuse(f"wants vectors, shape (pairs, channels), but `{spec.bottoms[i]}` has shape {shape}; "
                                  "any further axes must have size 1", "bottom", i)
        if shapes[0][1:2] != shapes[1][1:2]:
            raise refuse_shapes(spec, shapes, 1, "their channels must agree")
        check_one_label_each_item(spec, shapes[2], 2, shapes[0][0])
        param = spec.message.contrastive_loss_param
        self.margin: float = param.margin
        self.legacy: bool = param.legacy_version

    def forward(self, a: Tensor, b: Tensor, like: Tensor) -> Tensor:
        n_pairs = len(a)
        squared = (a.reshape(n_pairs, -1) - b.reshape(n_pairs, -1)).square().sum(1)
        if self.legacy:
            apart = F.relu(self.margin - squared)
        else:
            distance = squared.detach().sqrt()
            # Adds 0, and to the gradient what the square root would, softened.
            distance = distance + (squared - squared.detach()) / (2 * (distance + _SOFTENING))
            apart = F.relu(self.margin - distance).square()
        return squared.where(like.long().reshape(n_pairs) != 0, apart).sum() / (2 * n_pairs)
