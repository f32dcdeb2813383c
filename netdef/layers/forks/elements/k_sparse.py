"""TOPK: only the greatest numbers of an item are left. Of a pull request to BVLC/caffe, for k-sparse autoencoders."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

_PARAM = "topk_param"


@register("TOPK")
class KSparse(Layer):
    """The ``k`` greatest numbers of each item, in TEST ``a * k`` rounded down, and 0 elsewhere. Makhzani and Frey 2013.

    With ``across_channels`` those of the channels at each place; the original reads wrong numbers there unless a channel has one.
    Which of equal numbers stay is open, as in the original.
    """

    keeps_shape = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, (shape,) = spec.message.topk_param, shapes
        self.across = param.across_channels
        if self.across or not shape:
            check_axes(spec, shapes, 4)
        among = shape[1] if self.across else math.prod(shape[1:])
        self.k = param.k if spec.phase == "TRAIN" else int(param.k * param.a)
        if not 0 < self.k <= among:
            of = "`k`" if spec.phase == "TRAIN" else "`k` times `a`"
            raise spec.refuse(f"keeps {self.k} of {among} numbers, {of}; it must be 1 to {among}", _PARAM,
                              *(["k"] if spec.phase == "TRAIN" or not param.k else ["a"]))

    def forward(self, x: Tensor) -> Tensor:
        return keep_greatest(x, self.k, self.across)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"keep_greatest({bottoms[0]}, {self.k}, {self.across})", functions=(keep_greatest,))


def keep_greatest(x: Tensor, k: int, across_channels: bool) -> Tensor:
    """The k greatest numbers of each item, or of the channels at each place, and 0 elsewhere."""
    rows = x if across_channels else x.reshape(len(x), -1)
    chosen = rows.topk(k, 1).indices
    return (rows * torch.zeros_like(rows).scatter(1, chosen, 1.0)).reshape(x.shape)
