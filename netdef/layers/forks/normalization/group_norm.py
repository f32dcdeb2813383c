"""GroupNorm: groups of channels with mean 0 and variance 1. Wu and He 2018."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number

_PARAM = "group_norm_param"


@register("GroupNorm")
class GroupNorm(Layer):
    """``(x - mean) / sqrt(variance + eps)`` over each of ``group_num`` groups of channels (axis 1) of each item.

    It has no blobs; a Scale layer after it learns. Of forks whose message has ``group_num``; those with ``group`` or
    ``group_ratio`` differ.
    """

    keeps_shape = True
    family = "norm"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        param = spec.message.group_norm_param
        check_positive(spec, param.group_num, _PARAM, "group_num")
        if shapes[0][1] % param.group_num:
            raise spec.refuse(f"has `group_num` {param.group_num}, which does not divide its {shapes[0][1]} channels", _PARAM,
                              *(["group_num"] if param.HasField("group_num") else []))
        self.groups, self.eps = param.group_num, param.eps

    def forward(self, x: Tensor) -> Tensor:
        return F.group_norm(x, self.groups, eps=self.eps)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"F.group_norm({bottoms[0]}, {self.groups}, eps={number(self.eps)})")
