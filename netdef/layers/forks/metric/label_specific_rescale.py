"""LabelSpecificRescale: scores of the true class and of the others times two numbers. Of happynear's fork (NormFace)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.labels import check_classes, check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("LabelSpecificRescale")
class LabelSpecificRescale(Layer):
    """The score of each item's label times ``positive_weight``, all others times ``negative_weight``.

    Bottoms: scores (N, classes) and labels. With ``for_ip`` a score of the label that is not above 0 stays. TEST
    changes nothing unless ``rescale_test`` says so.
    """

    n_bottoms = exactly(2)
    keeps_shape = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        param = spec.message.label_specific_rescale_param
        self.own, self.others = param.positive_weight, param.negative_weight
        self.above_zero, self.in_test = param.for_ip, param.rescale_test

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        if not (self.training or self.in_test):
            return x.clone()
        scores, labels = x.flatten(1), labels.detach().long().flatten()
        check_classes(self, labels, scores.shape[1])
        is_own = torch.arange(scores.shape[1], device=x.device) == labels[:, None]
        own = torch.where(scores > 0, scores * self.own, scores) if self.above_zero else scores * self.own
        return torch.where(is_own, own, scores * self.others).view_as(x)
