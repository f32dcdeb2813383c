"""ChannelReduce: channels in groups, each made one. Segmentation-aware nets, Harley et al. 2017 (aharley)."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "channel_reduce_param"


@register("ChannelReduce")
class ChannelReduce(Layer):
    """(N, C, H, W) to (N, num_channels, H, W): the MAX or the SUM of each C / num_channels channels that follow one another."""

    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param = spec.message.channel_reduce_param
        self.channels: int = param.num_channels
        if not self.channels or shapes[0][1] % self.channels:
            raise spec.refuse(f"has `num_channels` {self.channels}; it must divide the {shapes[0][1]} channels of its bottom",
                              PARAM, *(["num_channels"] if param.HasField("num_channels") else []))
        self.reduction = "sum" if param.operation == param.SUM else "amax"

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.channels, *bottoms[0][2:])]

    def forward(self, x: Tensor) -> Tensor:
        groups = x.unflatten(1, (self.channels, -1))
        return groups.sum(2) if self.reduction == "sum" else groups.max(2).values

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.unflatten(1, ({self.channels}, -1)).{self.reduction}(2)")
