"""SoftmaxPair and its loss: a softmax of each two scores, one class against its absence. Of WSL (Li et al. 2016)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import refuse_shapes
from netdef.layers.core.labels import check_classes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


def _check_pairs(spec: LayerDefinition, shapes: Sequence[Shape]) -> int:
    """The number of scores of an item; refused if they are no pairs."""
    scores = math.prod(shapes[0][1:])
    if len(shapes[0]) < 2 or scores % 2:
        raise refuse_shapes(spec, shapes, 0, "it wants an even number of scores an item")
    return scores


@register("SoftmaxPair")
class SoftmaxPair(Layer):
    """Softmax over the scores 2k and 2k + 1 of each item, for every k."""

    keeps_shape = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        _check_pairs(spec, shapes)

    def forward(self, x: Tensor) -> Tensor:
        return torch.softmax(x.reshape(len(x), -1, 2), 2).reshape(x.shape)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        return TorchCode(f"F.softmax({x}.reshape(len({x}), -1, 2), dim=2).reshape({x}.shape)")


@register("SoftmaxPairWithLoss")
class SoftmaxPairWithLoss(Layer):
    """The mean over items of ``-log`` of the softmax of the pair with the score that the label counts."""

    n_bottoms = exactly(2)
    is_loss = True
    answer_type = "SoftmaxPair"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.scores = _check_pairs(spec, shapes)
        if math.prod(shapes[1]) != shapes[0][0]:
            raise refuse_shapes(spec, shapes, 1, "it wants a label for each item")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        classes = labels.detach().long().flatten()
        check_classes(self, classes, self.scores)
        pairs = x.reshape(len(x), -1, 2)
        items = torch.arange(len(x), device=x.device)
        return F.cross_entropy(pairs[items, classes // 2], classes % 2)
