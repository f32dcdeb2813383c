"""Padding, of BVLC/caffe of 2014-03 and of DeepLab of 2014."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Padding")
class Padding(Layer):
    """Zeros around images, or images without their sides.

    ``pad`` (BVLC) adds to each side; ``pad_beg`` (DeepLab) adds above and left, ``pad_end`` below and right. Below 0 they say
    how many rows and columns are cut off; the two may not have different signs.
    """

    fresh_output = True
    refuses_inplace = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param, shape = spec.message.padding_param, shapes[0]
        before, after = param.pad + param.pad_beg, param.pad + param.pad_end
        if before * after < 0:
            raise spec.refuse(f"has `pad_beg` {before} and `pad_end` {after}; both must add or both cut off",
                              "padding_param", "pad_end")
        if min(shape[2:]) + before + after <= 0:
            raise spec.refuse(f"cuts {-before} and {-after} off the sides of a bottom of shape {shape}, which leaves nothing",
                              "padding_param")
        self.sides = (before, after, before, after)

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(x, self.sides)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"F.pad({bottoms[0]}, {self.sides})")
