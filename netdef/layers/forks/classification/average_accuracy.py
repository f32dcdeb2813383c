"""AveAccuracy: the accuracy of scores that add up from test to test. Of Santa (Chen et al. 2016), for samples of weights."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.accuracy import Accuracy
from netdef.layers.core.checks import check_positive
from netdef.layers.core.fillers import constant
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "ave_accuracy_param"


@register("AveAccuracy")
class AveAccuracy(Accuracy):
    """Accuracy of the sums of the scores of all tests since the net was made.

    A test has ``npartition`` batches, each with sums of its own, of at most ``nbatch`` x ``nclass`` scores. In each of the
    first ``burnin`` tests the sums begin anew.
    """

    depends_on_data = True  # on the number of the pass
    param = PARAM
    sums: Tensor
    passes: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.ave_accuracy_param
        check_positive(spec, param.npartition, PARAM, "npartition")
        scores = math.prod(shapes[0])
        if scores > param.nbatch * param.nclass:
            raise spec.refuse(
                f"has room for `nbatch` {param.nbatch} x `nclass` {param.nclass} scores; a batch has {scores}", PARAM)
        self.burnin: int = param.burnin
        self.add_constant("sums", (param.npartition, scores), constant(0.0))
        self.add_constant("passes", (1, 1), constant(0.0))
        self.carried = ("sums", "passes")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return super().top_shapes(bottoms)  # said again: a rule counts for the class of its `forward` alone

    @torch.no_grad()
    def forward(self, scores: Tensor, labels: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        parts, number = len(self.sums), int(self.passes)
        part = number % parts
        if number // parts < self.burnin:
            self.sums[part] = 0
        self.sums[part] += scores.flatten()
        self.passes = self.passes + 1
        return super().forward(self.sums[part].reshape(scores.shape).to(scores.dtype), labels)
