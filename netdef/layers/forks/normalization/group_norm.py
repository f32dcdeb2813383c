"""GroupNorm and GN: groups of channels with mean 0 and variance 1. Wu and He 2018."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_positive
from netdef.layers.core.fillers import filler
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


@register("GN")
class GN(Layer):
    """`GroupNorm` times a slope plus a bias for each channel, (1, channels, 1, 1). Of torrvision's caffe-tvg.

    There are ``num_groups`` groups, or as many as ``channels_per_group`` gives. As in the fork both blobs are 0 without a filler.
    """

    keeps_shape = True
    family = "norm"
    torch_names = MappingProxyType({"slope": "weight"})

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        param, channels = spec.message.gn_param, shapes[0][1]
        size = param.channels_per_group
        self.groups: int = param.num_groups or channels // max(size, 1)
        if not (param.num_groups or size) or self.groups * (size or channels // self.groups) != channels:
            raise spec.refuse(f"wants `num_groups` or `channels_per_group` that divide its {channels} channels", "gn_param")
        self.eps: float = param.eps
        for name, field in (("slope", "slope_filler"), ("bias", "bias_filler")):
            self.add_blob(name, (1, channels, 1, 1), filler(spec, "gn_param", field))

    def forward(self, x: Tensor) -> Tensor:
        return F.group_norm(x, self.groups, self.blob("slope").flatten(), self.blob("bias").flatten(), self.eps)

    def to_torch(self) -> dict[str, Tensor]:
        return {name: value.flatten() for name, value in super().to_torch().items()}

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        made = f"nn.GroupNorm({self.groups}, {self.blobs[0].numel()}, eps={number(self.eps)})"
        return TorchCode.of_member(f"{me}({bottoms[0]})", made, self.to_torch())
