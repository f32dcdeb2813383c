"""ChannelFilter: the channels that were not pruned. Of channel pruning (He et al. 2017), where the type is Filter."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis
from netdef.layers.core.fillers import constant
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "filter_param"


@register("ChannelFilter")
class ChannelFilter(Layer):
    """The first ``num_output`` channels for which the blob is not 0, along ``axis``.

    The blob has a number a channel, (channels,), ones in a new net; it is never trained. Where fewer are not 0 than
    ``num_output`` the first of the others are added; the fork reads beyond its memory then. Its pass is for a GPU alone.
    """

    fresh_output = True
    refuses_inplace = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.filter_param
        self.axis = canonical_axis(spec, param.axis, len(shapes[0]), PARAM, "axis")
        self.count, channels = param.num_output, shapes[0][self.axis]
        if not 1 <= self.count <= channels:
            raise spec.refuse(f"takes {self.count} of {channels} channels", PARAM, "num_output")
        self.add_blob("kept", (channels,), constant(1), learnable=False)

    def forward(self, x: Tensor) -> Tensor:
        return x.index_select(self.axis, self.channels())

    def channels(self) -> Tensor:
        """The numbers of the channels of the top."""
        return torch.argsort((self.blob("kept") == 0).int(), stable=True)[: self.count].sort().values

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}[{':, ' * self.axis}{self.channels().tolist()}]")
