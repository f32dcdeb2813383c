"""Repeat: copies of each item along a new axis, of christopher5106's Caffe with spatial transformers."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape, check_shape

PARAM = "repeat_param"


@register("Repeat")
class Repeat(Layer):
    """(N, *rest) to (N, num_repeats, *rest): the values from ``axis`` on, ``num_repeats`` times one after the other.

    Blob ``weight`` (num_repeats K, K), unit matrices below each other that the K values are multiplied with, is in the fork's
    files. It has no gradient there, and its solver takes ``weight_decay`` off it all the same; here it is not trained.
    """

    fresh_output = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.repeat_param
        check_positive(spec, param.num_repeats, PARAM, "num_repeats")
        self.repeats: int = param.num_repeats
        self.axis = canonical_axis(spec, param.axis, len(shapes[0]), PARAM, "axis")
        values = 1
        for side in shapes[0][self.axis :]:
            values *= side
        shape = self.repeats * values, values
        check_shape(spec, shape, PARAM, "num_repeats")
        self.add_blob("weight", shape, _fill_units, learnable=False)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.repeats, *bottoms[0][1:])]

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x.flatten(self.axis), self.blob("weight")).reshape(x.shape[0], self.repeats, *x.shape[1:])


def _fill_units(weight: Tensor) -> None:
    """Set a matrix to unit matrices below each other."""
    count = weight.shape[1]
    weight.copy_(torch.eye(count, dtype=weight.dtype, device=weight.device).repeat(len(weight) // count, 1))
