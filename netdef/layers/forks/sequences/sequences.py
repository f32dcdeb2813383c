"""Convert: the columns of planes as the steps of a sequence. Of CTD (Yuliang et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("Convert")
class Convert(Layer):
    """(N, C, ..., W), the axes between of size 1, to (W, N, C), and markers (W, N) for LSTM: 0 at the first step, then 1."""

    n_tops = exactly(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 3)
        if torch.Size(shapes[0][2:-1]).numel() != 1:
            raise spec.refuse(f"wants planes of one row; its bottom has shape {shapes[0]}", "bottom", 0)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        markers = x.new_ones(x.shape[-1], len(x))
        markers[0] = 0
        return x.flatten(2).permute(2, 0, 1), markers
