"""FusionL2Max: of several blobs the longest vector at each place. Of Akrit2013's fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_same_shape
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("FusionL2Max")
class FusionL2Max(Layer):
    """At each place the channels of the bottom whose vector there is longest; of equally long ones, of the first bottom."""

    n_bottoms = at_least(1)
    keeps_shape = True
    fresh_output = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        check_same_shape(spec, shapes)

    def forward(self, *bottoms: Tensor) -> Tensor:
        return longest(bottoms)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"longest([{', '.join(map(str, bottoms))}])", functions=(longest,))


def longest(bottoms: Sequence[Tensor]) -> Tensor:
    """Take from several blobs (N, C, ...) at each place the longest vector of channels; of equally long ones, the first."""
    values = torch.stack(tuple(bottoms))
    first = values.detach().square().sum(2, keepdim=True).argmax(0, keepdim=True)
    return values.gather(0, first.expand(-1, -1, values.shape[2], *[-1] * (values.ndim - 3)))[0]
