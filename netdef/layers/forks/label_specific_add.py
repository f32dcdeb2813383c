"""LabelSpecificAdd, of happynear's fork: the additive margin of AM-Softmax (Wang et al. 2018)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.labels import check_one_label_each_item, stray_label
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_PARAM = "label_specific_add_param"


@register("LabelSpecificAdd")
class LabelSpecificAdd(Layer):
    """The first bottom, (N, classes). In training ``bias``, a margin below 0, is added to the number of each item's label,
    the second bottom, if that number is above ``-bias``. TEST changes nothing, whatever ``transform_test`` is, as there.
    """

    n_bottoms = exactly(2)
    fresh_output = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.label_specific_add_param
        if param.HasField("bias_base"):
            raise spec.refuse("has a margin that grows with the iterations, `bias_base`; only a fixed `bias` is implemented",
                              _PARAM, "bias_base")
        if len(shapes[0]) < 2:
            raise spec.refuse(f"wants a bottom (batch, classes); it has shape {shapes[0]}", "bottom", 0)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        self.bias: float = param.bias

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return bottoms[:1]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        if not self.training:
            return x.clone()
        numbers, labels = x.flatten(1), labels.detach().long().flatten()
        if not x.is_meta and len(labels) and (labels.min() < 0 or labels.max() >= numbers.shape[1]):
            raise stray_label(self, labels, numbers.shape[1], None)
        own = torch.zeros_like(numbers).scatter(1, labels[:, None], 1) > 0
        return torch.where(own & (numbers > -self.bias), numbers + self.bias, numbers).view_as(x)
