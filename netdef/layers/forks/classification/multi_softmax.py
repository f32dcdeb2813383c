"""MultiSoftmax and its loss: a softmax over channels at each place. Of xiaolonw's and Arroosh's forks of 2014."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, refuse_shapes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.labels import check_classes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.softmax import Softmax


@register("MultiSoftmax")
class MultiSoftmax(Softmax):
    """`Softmax` of (N, C, H, W) over axis 1."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)


@register("MultiSoftmaxWithLoss")
class MultiSoftmaxWithLoss(Layer):
    """The sum over places of ``-log`` of the softmax of (N, C, H, W) at the label, over N.

    Labels, one a place, count from 1. xiaolonw's fork shows this divided by 336; its gradient is the same.
    Arroosh's multiplies the gradient by ``learning_multiple``.
    """

    n_bottoms = exactly(2)
    is_loss = True
    answer_type = "MultiSoftmax"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        self.multiple = spec.message.mult_softmax_loss_param.learning_multiple
        n, self.classes, height, width = shapes[0]
        if math.prod(shapes[1]) != n * height * width or shapes[1][:1] != (n,):
            raise refuse_shapes(spec, shapes, 1, "it wants a label for each place")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        classes = labels.detach().long().reshape(len(x), *x.shape[2:]) - 1
        check_classes(self, classes, self.classes)
        loss = F.cross_entropy(x, classes, reduction="sum") / len(x)
        return loss if self.multiple == 1 else with_gradient(loss, loss, torch.full_like(loss, self.multiple))
