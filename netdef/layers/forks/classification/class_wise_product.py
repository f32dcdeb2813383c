"""ClassWiseProduct and MultiLabelSoftmaxWithLoss, of QaDWH (Zhang and Peng 2018): items with any number of classes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_positive, refuse_shapes
from netdef.layers.core.fillers import filler
from netdef.layers.core.labels import check_classes
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "classwise_product_param"


@register("ClassWiseProduct")
class ClassWiseProduct(Layer):
    """Each item times the weights of its class, number by number. Top (N, num_output, 1, 1).

    Labels are a class for each item, or (N, num_class) numbers y of which most are 0: the weights are then the sum of the
    classes' weights times y, over the sum of y^2. Blobs: ``weight`` (num_class, num_output, 1, 1) and ``bias``
    (1, num_output, 1, 1), which has no effect.
    """

    n_bottoms = exactly(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.classwise_product_param
        check_least_axes(spec, shapes, 2)
        self.classes: int = param.num_class
        check_positive(spec, self.classes, PARAM, "num_class")
        size = math.prod(shapes[0][1:])
        if param.num_output != size:
            raise spec.refuse(f"has `num_output` {param.num_output}; an item of its bottom has {size} numbers",
                              PARAM, "num_output")
        labels = math.prod(shapes[1][1:])
        if shapes[1][0] != shapes[0][0] or labels not in (1, self.classes):
            raise refuse_shapes(spec, shapes, 1, f"an item must have 1 or {self.classes} labels")
        self.several = labels > 1
        shape = (self.classes, size, 1, 1)
        self.add_blob("weight", shape, filler(spec, PARAM, "weight_filler", shape=shape))
        if param.bias_term:
            self.add_blob("bias", (1, size, 1, 1), filler(spec, PARAM, "bias_filler"))

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        weight, labels = self.blob("weight").flatten(1), labels.detach().reshape(len(labels), -1)
        if self.several:
            labels = labels.to(x)
            own = labels @ weight / labels.square().sum(1, keepdim=True)
        else:
            classes = labels.long().flatten()
            check_classes(self, classes, self.classes)
            own = weight[classes]
        return (x.flatten(1) * own)[:, :, None, None]


@register("MultiLabelSoftmaxWithLoss")
class MultiLabelSoftmaxWithLoss(PairLoss):
    """The sum of ``-log s(x)`` of the labels above 0, s the sigmoid, over N. A second top has s(x).

    The gradient is that of the cross-entropy of all labels, ``(s(x) - y) / N`` with y 1 or 0, as in the fork.
    """

    n_tops = between(1, 2)
    answer_type = "Sigmoid"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.with_answer = len(spec.tops) == 2

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(), bottoms[0]] if self.with_answer else [()]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        positive = labels.detach().reshape(x.shape) > 0
        loss = F.binary_cross_entropy_with_logits(x, positive.to(x.dtype), reduction="sum")
        others = F.softplus(x).masked_fill(positive, 0).sum().detach()
        top = (loss - others) / len(x)
        return (top, x.detach().sigmoid()) if self.with_answer else top
