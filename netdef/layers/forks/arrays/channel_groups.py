"""MTranspose, SplitChannel and DynamicMaskData: channels in groups, the first channels, and their mask. CCN, limuhit's fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive
from netdef.layers.core.fillers import constant
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "mtranspose_param"


@register("MTranspose")
class MTranspose(Layer):
    """Groups of ``groups`` channels of each place as rows: (N, C, H, W) to (N C / g H W, g); with ``inverse`` back.

    Back to ``channel``, ``height`` and ``width``; the fork gives that no gradient. Rows are in the order (item, group, place).
    """

    family = "shape"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.mtranspose_param
        self.group: int = param.groups
        check_positive(spec, self.group, PARAM, "groups")
        self.inverse: bool = param.inverse
        if self.inverse:
            for field in ("channel", "height", "width"):
                check_positive(spec, getattr(param, field), PARAM, field)
            self.item: Shape = param.channel, param.height, param.width
        else:
            check_axes(spec, shapes, 4)
            self.item = shapes[0][1:]
        count = torch.Size(self.item).numel()
        if self.item[0] % self.group or torch.Size(shapes[0]).numel() % count:
            raise spec.refuse(f"wants items {self.item} whose channels are groups of {self.group}; `{spec.bottoms[0]}` has shape "
                              f"{shapes[0]}", "bottom", 0)

    def forward(self, x: Tensor) -> Tensor:
        return rows_to_channels(x, self.group, self.item) if self.inverse else channels_to_rows(x, self.group)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.inverse:
            return TorchCode(f"rows_to_channels({bottoms[0]}, {self.group}, {self.item})", functions=(rows_to_channels,))
        return TorchCode(f"channels_to_rows({bottoms[0]}, {self.group})", functions=(channels_to_rows,))


def channels_to_rows(x: Tensor, group: int) -> Tensor:
    """(N, C, H, W) to rows of ``group`` channels."""
    return x.flatten(2).unflatten(1, (-1, group)).transpose(2, 3).reshape(-1, group)


def rows_to_channels(x: Tensor, group: int, item: tuple) -> Tensor:
    """The inverse of `channels_to_rows`, to items (C, H, W)."""
    return x.reshape(-1, item[0] // group, item[1] * item[2], group).transpose(2, 3).reshape(-1, *item)


@register("SplitChannel")
class SplitChannel(Layer):
    """The first ``memory_data_param { channels }`` channels."""

    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        self.count: int = spec.message.memory_data_param.channels
        if not 1 <= self.count <= shapes[0][1]:
            raise spec.refuse(f"takes {self.count} of {shapes[0][1]} channels", "memory_data_param", "channels")

    def forward(self, x: Tensor) -> Tensor:
        return x[:, : self.count]

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}[:, :{self.count}]")


@register("DynamicMaskData")
class DynamicMaskData(Layer):
    """1 for the first channels, 0 for the others, as large as the bottom (N, C, H, W).

    Blob 0, (1, 1, 1, 1), is how many: all at first. It is not learned; programs set it, and weight files have it.
    """

    family = "data"
    count: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        self.add_blob("count", (1, 1, 1, 1), constant(float(shapes[0][1])), learnable=False)

    def forward(self, x: Tensor) -> Tensor:
        return first_channels(x, self.count)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"first_channels({bottoms[0]}, {me}_count)", members={"_count": "nn.Buffer(torch.zeros(1, 1, 1, 1))"},
                         state={"_count": {"": self.count}}, functions=(first_channels,))


def first_channels(x: Tensor, count: Tensor) -> Tensor:
    """1 for so many channels, 0 for the others, of the shape of ``x``."""
    channels = torch.arange(x.shape[1], device=x.device)[:, None, None]
    return (channels < (count + 1e-6).floor()).to(x.dtype).expand(x.shape)
