"""ContrastiveLoss: pull like pairs together and push unlike ones apart. Hadsell et al. 2006."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_same_batch, refuse_shapes
from netdef.layers.core.labels import check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.schema.messages import PairLabels

_SOFTENING = 1e-4


class PairDistanceLoss(Layer):
    """The base of losses of pairs: half the mean of their costs.

    Bottoms 0 and 1 are vectors (N, channels); bottom 2, one number a pair, is 0 for unlike ones (fractions are cut off).
    """

    n_bottoms = exactly(3)
    is_loss = True

    @classmethod
    def allows_force_backward(cls, bottom: int) -> bool:
        return bottom < 2

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_batch(spec, shapes)
        for i, shape in enumerate(shapes[:2]):
            if math.prod(shape[2:]) != 1:
                raise spec.refuse(f"wants vectors, shape (pairs, channels), but `{spec.bottoms[i]}` has shape {shape}; "
                                  "any further axes must have size 1", "bottom", i)
        if shapes[0][1:2] != shapes[1][1:2]:
            raise refuse_shapes(spec, shapes, 1, "their channels must agree")
        for i in range(2, len(shapes)):
            check_one_label_each_item(spec, shapes[i], i, shapes[0][0])

    def forward(self, a: Tensor, b: Tensor, *labels: Tensor) -> Tensor:
        squared = (a.reshape(len(a), -1) - b.reshape(len(a), -1)).square().sum(1)
        return self.costs(squared, self.like(*labels)).sum() / (2 * len(a))

    def like(self, *labels: Tensor) -> Tensor:
        """True for each pair that is like."""
        return labels[0].long().flatten() != 0

    def costs(self, squared: Tensor, like: Tensor) -> Tensor:
        """The cost of each pair, from its squared distance."""
        raise NotImplementedError


def softened_root(squared: Tensor) -> Tensor:
    """Distances, whose gradient is ``(a - b) / (d + 1e-4)`` as in Caffe: 0 where both vectors are equal."""
    distance = squared.detach().sqrt()
    # Adds 0, and to the gradient what the square root would, softened.
    return distance + (squared - squared.detach()) / (2 * (distance + _SOFTENING))


@register("ContrastiveLoss")
class ContrastiveLoss(PairDistanceLoss):
    """The sum of ``d^2`` over like pairs and ``max(0, margin - d)^2`` over unlike ones, divided by 2 N.

    d is the distance between the vectors of bottoms 0 and 1, shape (N, channels); bottom 2, one number a pair, is 0
    for unlike ones (fractions are cut off). With ``legacy_version`` unlike pairs cost ``max(0, margin - d^2)``. As in
    Caffe the gradient of a distance is softened, ``(a - b) / (d + 1e-4)``, so that it is 0 where both are equal.

    ``label_type`` is from a pull request of 2014, where unlike pairs cost as with ``legacy_version``; with CATEGORY
    bottoms 2 and 3 are the labels of both vectors, and a pair is like if they are equal.

    From GuohongWu's fork: like pairs cost ``max(inner_margin, d^2)``, and with ``add_weighted`` like pairs weigh as many as
    unlike ones (`balance`).
    """

    n_bottoms = between(3, 4)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.contrastive_loss_param
        kind = PairLabels.LabelType.Name(param.label_type)
        wanted = 4 if kind == "CATEGORY" else 3
        if len(shapes) != wanted:
            raise spec.refuse(f"has {len(shapes)} bottoms; with `label_type` {kind} it takes {wanted}", "bottom")
        self.margin: float = param.margin
        self.legacy: bool = param.legacy_version or param.HasField("label_type")
        self.inner, self.balanced = param.inner_margin, param.add_weighted

    def like(self, *labels: Tensor) -> Tensor:
        return super().like(*labels) if len(labels) == 1 else labels[0].flatten() == labels[1].flatten()

    def costs(self, squared: Tensor, like: Tensor) -> Tensor:
        apart = F.relu(self.margin - squared) if self.legacy else F.relu(self.margin - softened_root(squared)).square()
        near = squared if self.inner <= 0 else F.relu(squared - self.inner) + self.inner
        costs = near.where(like, apart)
        return costs * balance(like, costs) if self.balanced else costs


def balance(like: Tensor, costs: Tensor) -> Tensor:
    """Weights with which like pairs and unlike ones add up to half the number of pairs each; 1 where all are the same."""
    count, alike = len(like), like.sum().to(costs.dtype)
    weights = count / 2 / alike.where(like, count - alike)
    return torch.where((alike > 0) & (alike < count), weights, 1)
