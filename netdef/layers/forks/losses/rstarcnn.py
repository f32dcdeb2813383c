"""MIL, Sum and SigmoidCrossEntropyWeightedLoss, of R*CNN (Gkioxari, Girshick and Malik 2015)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_positive, refuse_shapes
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

_UNKNOWN = -1  # the target where the label is not known


@register("MIL")
class MIL(Layer):
    """The largest score of each ``context_per_roi`` items that follow one another, class by class.

    (N context_per_roi, C) to (N, C, 1, 1). Where several are largest the gradient is shared out equally; the fork gives it
    to each whole.
    """

    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        self.context: int = spec.message.mil_param.context_per_roi
        check_positive(spec, self.context, "mil_param", "context_per_roi")
        if shapes[0][0] % self.context or any(size != 1 for size in shapes[0][2:]):
            raise spec.refuse(f"wants scores (items, classes) of a multiple of {self.context} items; `{spec.bottoms[0]}` has "
                              f"shape {shapes[0]}", "bottom", 0)

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(1).unflatten(0, (-1, self.context)).amax(1)[:, :, None, None]

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.flatten(1).unflatten(0, (-1, {self.context})).amax(1)[:, :, None, None]")


@register("Sum")
class Sum(Layer):
    """The sum of bottoms of equally many numbers, in the shape of the first."""

    n_bottoms = at_least(1)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for index in range(1, len(shapes)):
            if math.prod(shapes[index]) != math.prod(shapes[0]):
                raise refuse_shapes(spec, shapes, index, "they must have equally many numbers")

    def forward(self, first: Tensor, *others: Tensor) -> Tensor:
        total = first
        for other in others:
            total = total + other.reshape(first.shape)
        return total if others else first.clone()

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        first, *others = bottoms
        return TorchCode(" + ".join([str(first), *(f"{other}.reshape({first}.shape)" for other in others)]))


@register("SigmoidCrossEntropyWeightedLoss")
class SigmoidCrossEntropyWeightedLoss(PairLoss):
    """SigmoidCrossEntropyLoss without the targets of -1: the rest is summed, and divided by the size of the first axis."""

    answer_type = "Sigmoid"

    def forward(self, x: Tensor, targets: Tensor) -> Tensor:
        targets = targets.reshape(x.shape).to(x.dtype)
        losses = F.binary_cross_entropy_with_logits(x, targets, reduction="none")
        return losses.masked_fill(targets == _UNKNOWN, 0).sum() / len(x)
