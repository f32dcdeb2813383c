"""LabelSpecificAdd, of happynear's and OpenVINO's forks: the additive margin of AM-Softmax (Wang et al. 2018)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.fillers import constant
from netdef.layers.core.labels import check_classes, check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_PARAM = "label_specific_add_param"


@register("LabelSpecificAdd")
class LabelSpecificAdd(Layer):
    """Add a margin to the score of each item's label, in training.

    Bottoms: scores (N, classes) and labels, -1 for an item without one. The size of ``bias`` is taken off the score of each
    item's label if that is larger. (OpenVINO's fork writes it above 0, happynear's below, and would add one above 0.) With
    ``bias_base`` the bias of pass i, counted from ``iteration``, is ``bias_base + (1 + bias_gamma i)^bias_power - 1``, within
    ``bias_min`` and ``bias_max``, and is added to scores above its negative; snapshots keep the count. A second top has the bias.
    TEST changes nothing, whatever ``transform_test`` is, as in the forks.
    """

    n_bottoms = exactly(2)
    n_tops = between(1, 2)
    passes: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.label_specific_add_param
        if len(shapes[0]) < 2:
            raise spec.refuse(f"wants a bottom (batch, classes); it has shape {shapes[0]}", "bottom", 0)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        self.bias = -abs(param.bias)
        self.with_bias, self.changes = len(spec.tops) == 2, param.HasField("bias_base")
        self.base, self.gamma, self.power = param.bias_base, param.bias_gamma, param.bias_power
        self.bounds, self.first = (param.bias_min, param.bias_max), param.iteration
        if self.changes:
            if self.bounds[0] > self.bounds[1]:
                raise spec.refuse(f"has a bias from {self.bounds[0]:g} to {self.bounds[1]:g}; `bias_min` must not exceed "
                                  "`bias_max`", _PARAM, "bias_min")
            self.add_constant("passes", (1, 1), constant(0.0))
            self.carried = ("passes",)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [bottoms[0], (1,)] if self.with_bias else bottoms[:1]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        bias = self._bias(x)
        top = self._with_margin(x, labels, bias) if self.training else x.clone()
        if self.changes and self.training:
            self.passes = self.passes + 1
        return (top, bias) if self.with_bias else top

    def _bias(self, x: Tensor) -> Tensor:
        """The bias of this pass, of shape (1,)."""
        if not self.changes:
            return x.new_full((1,), self.bias)
        count = self.first + self.passes[0].double()
        return (self.base + (1 + self.gamma * count) ** self.power - 1).clamp(*self.bounds).to(x)

    def _with_margin(self, x: Tensor, labels: Tensor, bias: Tensor) -> Tensor:
        numbers, labels = x.flatten(1), labels.detach().long().flatten()
        check_classes(self, labels.where(labels != -1, 0), numbers.shape[1])
        own = torch.arange(numbers.shape[1], device=x.device) == labels[:, None]
        return torch.where(own & (numbers > -bias), numbers + bias, numbers).view_as(x)
