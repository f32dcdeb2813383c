"""WordSum: weighted sums along the second axis. Of SMem-VQA (Xu and Saenko 2016)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_least_axes, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.weighted import WeightedLayer

PARAM = "word_sum_param"


@register("WordSum")
class WordSum(WeightedLayer):
    """(N, M, E) to (N, num_output, E): the weight (num_output, M) times each item, plus a bias of num_output E numbers."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        outputs = spec.message.word_sum_param.num_output
        check_least_axes(spec, shapes, 3)
        if math.prod(shapes[0][3:]) != 1:
            raise spec.refuse(f"wants items of two axes; its bottom has shape {shapes[0]}", "bottom", 0)
        check_positive(spec, outputs, PARAM, "num_output")
        self.add_weight_and_bias(spec, PARAM, (outputs, shapes[0][1]), outputs * shapes[0][2])

    def forward(self, x: Tensor) -> Tensor:
        top = self.blob("weight") @ x.flatten(2)
        bias = self.optional_blob("bias")
        if bias is not None:
            top = top + bias.reshape(top.shape[1:])
        return top.reshape(len(x), -1, *x.shape[2:])
